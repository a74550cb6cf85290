// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens epochs and enters them (A6, F2).
 *
 * <p>Whoever opens one says where its data come from: itself ({@code MEMBER}), the database, or
 * nowhere. Its counter is above every counter that the author ever saw, so that of two authors the
 * one who knew more wins, and equal ones are decided by the log's order. All members then take the
 * data of that source; they count as position 0 and are thus older than any event of the new log.
 *
 * <p><b>The quiet beginning.</b> While the source is the only one that is ready in its epoch, what
 * is written there dies with it: those who held the data before would go on from before. So nobody
 * appends more than control events until somebody else is ready, unless there is nobody else:
 * nobody was ready in the view before, or nobody came in the time in which a member may be silent.
 */
final class Epochs {

  private static final Logger LOG = LoggerFactory.getLogger(Epochs.class);
  private static final long NO_ORPHAN = -1;
  private static final long NEVER = Long.MIN_VALUE;

  /** A member that joins and never becomes ready must not keep the others' writes for ever. */
  private static final Duration LONGEST_QUIET = Duration.ofSeconds(60);

  private final MemberCore core;

  /** Offset of the last {@code Epoch} read whose source has not served yet. */
  private long orphanOffset = NO_ORPHAN;

  private EpochId orphanEpoch = EpochId.NONE;
  private long orphanedSinceMillis;

  /** Highest counter of an {@code Epoch} that was read in the log. */
  private long highestRead;

  /** When the next epoch was last appended for own events that nobody can bring again. */
  private long helplessMillis = NEVER;

  private boolean quiet;
  private long quietSinceMillis;

  Epochs(MemberCore core) {
    this.core = core;
  }

  /** True while the source of the log's epoch is looked for. */
  boolean isSourceMissing() {
    return orphanOffset != NO_ORPHAN;
  }

  /** A memory was found. */
  void sourceFound() {
    orphanOffset = NO_ORPHAN;
  }

  /** The log is empty, and nobody else has opened an epoch. */
  void openFirst() {
    SnapshotStore database = core.store;
    if (core.memory.complete() != null) {
      append(Event.SourceKind.MEMBER);
    } else if (database == null) {
      append(Event.SourceKind.NOTHING);
    } else {
      core.askDatabase(database::readCheckpoint, this::openFirst, core.locator::locate);
    }
  }

  private void openFirst(Optional<SnapshotStore.Checkpoint> checkpoint) {
    if (core.phase != Phase.EMPTY_LOG) { // somebody's Epoch came while the database answered
      return;
    }
    if (checkpoint.isEmpty()) {
      append(Event.SourceKind.NOTHING);
    } else {
      core.know(checkpoint.get().epoch());
      openUnlessOpened();
    }
  }

  /**
   * The checkpoint may be of the very epoch that somebody has opened in this log by now, and that
   * is on its way to here. Who wrote it had read the log's first record, so that a look at the log
   * behind the database's answer cannot miss that.
   */
  private void openUnlessOpened() {
    core.whenDone(
        core.transport.log().head(),
        first -> {
          boolean opened = first.flatMap(Follower::peek).isPresent(); // else by foreign records
          if (core.phase == Phase.EMPTY_LOG && opened) {
            core.locator.locate();
          } else if (core.phase == Phase.EMPTY_LOG) {
            append(Event.SourceKind.DATABASE);
          }
        },
        failure -> core.later(MemberCore.RETRY, core.locator::locate));
  }

  /** Appends the {@code Epoch} that is next by what this member knows. */
  void append(Event.SourceKind kind) {
    EpochId id = new EpochId(core.highestCounter() + 1, Origin.random().id());
    Origin author = kind == Event.SourceKind.MEMBER ? core.self : null;
    Batch batch =
        new Batch(id, Origin.random(), 1, false, List.of(new Event.Epoch(id, kind, author)));
    LOG.trace("{} appends epoch {} from {}", core.settings.name(), id, kind);
    int then = core.connection;
    core.transport
        .log()
        .append(BatchCodec.encode(batch))
        .whenComplete(
            (done, failure) ->
                core.applier.schedule(
                    failure == null ? MemberCore.STALL : MemberCore.RETRY,
                    () -> appended(then, id, kind)));
  }

  /** An {@code Epoch} that is not read back was lost on the way. */
  private void appended(int then, EpochId id, Event.SourceKind kind) {
    if (then != core.connection
        || !core.connected
        || core.phase == Phase.CLOSED
        || highestRead >= id.counter()) {
      return;
    }
    if (core.reader.isDetached()) {
      core.locator.locate();
    } else if (core.phase == Phase.READY && core.memory.counter() < id.counter()) {
      append(kind);
    }
  }

  /**
   * The database holds another epoch than the log, with a counter at least as high: a ready member
   * opens one above it, else nothing could be written any more.
   */
  void surpass(EpochId foreign) {
    core.know(foreign);
    Replica held = core.memory.replica();
    if (held != null
        && core.phase == Phase.READY
        && core.sender.isOpen()
        && foreign.counter() >= held.epoch().counter()
        && !foreign.equals(held.epoch())) {
      append(Event.SourceKind.MEMBER);
    }
  }

  /**
   * Own events are missing in the memory. They are brought again, unless this member let go of them
   * when it had applied them, before it took another memory: then replicas would wait for them for
   * ever (A4), and only in the next epoch can it write again. A repetition of the oldest batch that
   * is left tells so: whatever could still fill the hole stands before it in the log.
   */
  void ownBatchIsBeyondNext(Replica held, Batch batch) {
    long missing = held.sequence(core.self) + 1;
    boolean isOldest = batch.repeated() && batch.firstSequence() == core.outbox.firstSealed();
    long now = core.applier.nowMillis();
    boolean lately = helplessMillis != NEVER && now - helplessMillis < MemberCore.STALL.toMillis();
    if (isOldest && batch.firstSequence() > missing && !lately) {
      helplessMillis = now;
      LOG.warn(
          "WRN-0219 the memory that was fetched lacks own events from sequence {} on, which were"
              + " written and are nowhere any more: the next epoch begins with what there is",
          missing);
      append(Event.SourceKind.MEMBER);
    }
  }

  /** A new epoch begins at {@code logRecord}; its data are those of its source. */
  void enter(LogRecord logRecord, Event.Epoch opening) {
    LOG.trace("{} reads {} at {}", core.settings.name(), opening, logRecord.offset());
    core.know(opening.id());
    highestRead = Math.max(highestRead, opening.id().counter());
    core.memory.disown();
    core.sender.pause();
    Replica held = core.memory.replica();
    boolean selfIsSource = core.self.equals(opening.member());
    setQuiet(opening.source() == Event.SourceKind.MEMBER && othersHeldData(held, opening));
    if (selfIsSource && held != null) {
      enterWithOwn(held, logRecord, opening.id());
    } else if (opening.source() != Event.SourceKind.MEMBER && holdsMore(opening)) {
      LOG.warn(
          "WRN-0204 epoch {} was opened without the data that this member holds: it opens the next",
          opening.id());
      core.reader.followDetached(logRecord.offset() + 1);
      append(Event.SourceKind.MEMBER);
    } else if (opening.source() == Event.SourceKind.DATABASE && core.store != null) {
      loadBase(logRecord.offset(), opening.id());
    } else if (opening.source() != Event.SourceKind.NOTHING && !selfIsSource) {
      seekSource(logRecord.offset(), opening.id());
    } else {
      Replica base = Replica.empty(opening.id(), logRecord.offset(), false);
      core.memory.install(base, core.memory.checksum(), RecoveryReport.Source.LOG, Map.of());
      core.sender.open(base);
    }
  }

  /** True unless the source of the epoch was the only one that was ready before. */
  private static boolean othersHeldData(@Nullable Replica before, Event.Epoch opening) {
    return before != null
        && before.view().entrySet().stream()
            .anyMatch(e -> e.getValue().ready() && !e.getKey().equals(opening.member()));
  }

  private void setQuiet(boolean isQuiet) {
    quiet = isQuiet;
    quietSinceMillis = core.applier.nowMillis();
    core.sender.setControlOnly(isQuiet);
  }

  /** The view or the time has moved on: the quiet beginning may be over. */
  void endQuiet(Replica held) {
    if (!quiet || isSourceMissing()) {
      return;
    }
    long ready = held.view().values().stream().filter(Member::ready).count();
    Duration quietFor = Duration.ofMillis(core.applier.nowMillis() - quietSinceMillis);
    boolean waited = quietFor.compareTo(core.settings.memberTimeout()) > 0;
    boolean alone = held.view().keySet().stream().allMatch(core.self::equals);
    if (ready > 1 || (waited && alone) || quietFor.compareTo(LONGEST_QUIET) > 0) {
      setQuiet(false);
      core.trouble("");
    } else if (waited && core.phase == Phase.READY) {
      core.trouble(
          "writes wait until a second member is ready in the new epoch, at most %d s: %s"
              .formatted(LONGEST_QUIET.toSeconds(), notReady(held)));
    }
  }

  private static String notReady(Replica held) {
    return held.view().values().stream()
        .filter(member -> !member.ready())
        .map(Member::name)
        .sorted()
        .collect(Collectors.joining(", ", "not ready are ", ""));
  }

  private void enterWithOwn(Replica held, LogRecord logRecord, EpochId next) {
    boolean wasReady = core.phase == Phase.READY;
    int checksum = core.memory.checksum();
    Replica base = SnapshotImage.cut(held, checksum).asBaseOf(next, logRecord.offset());
    core.memory.install(base, checksum, core.memory.source(), core.memory.fromSource());
    core.memory.offered(wasReady);
    core.sender.open(base);
  }

  /** True if an epoch that does not begin with a member's data would forget what is held here. */
  private boolean holdsMore(Event.Epoch opening) {
    return core.phase == Phase.READY
        || (core.memory.complete() != null && opening.source() == Event.SourceKind.NOTHING);
  }

  private void seekSource(long epochOffset, EpochId next) {
    if (core.phase == Phase.READY) {
      core.memory.recoveryBegins(RecoveryReport.Cause.NEXT_EPOCH);
    }
    core.phase = Phase.LOCATING;
    core.setReady(false);
    if (!next.equals(orphanEpoch)) {
      orphanEpoch = next;
      orphanedSinceMillis = core.applier.nowMillis();
    }
    orphanOffset = epochOffset;
    core.reader.cancel();
    core.recovery.seek();
  }

  /**
   * Nobody serves the data of the log's epoch. Its source is given as long as a member may be
   * silent; then who was ready before offers what it holds. Without such a member the database's
   * copy and the log are all there is.
   */
  void replaceLostSource() {
    long waited = core.applier.nowMillis() - orphanedSinceMillis;
    if (waited < core.settings.memberTimeout().toMillis()) {
      core.recovery.seekOn();
    } else if (core.memory.complete() != null) {
      LOG.warn(
          "WRN-0212 the member from which epoch {} has its data is gone: this member opens the next"
              + " with what it held before",
          orphanEpoch);
      core.reader.followDetached(orphanOffset + 1);
      append(Event.SourceKind.MEMBER);
    } else {
      LOG.warn(
          "WRN-0213 nobody holds the data with which epoch {} began, or can read them: this member"
              + " goes on with {} and the log",
          orphanEpoch,
          core.store == null ? "nothing" : "the database's copy");
      core.memory.adopt();
      loadBase(orphanOffset, orphanEpoch);
    }
  }

  /** No member holds data; the database's are the base, as position 0 of the epoch. */
  private void loadBase(long epochOffset, EpochId next) {
    core.phase = Phase.LOADING;
    core.reader.cancel();
    int checksum = core.memory.checksum();
    SnapshotStore database = core.store;
    if (database == null) {
      installBase(Optional.empty(), epochOffset, next, checksum);
      return;
    }
    core.askDatabase(
        () -> DatabaseImage.read(database),
        image -> {
          if (image.isPresent() && image.get().epoch().equals(next)) {
            core.recovery.followFrom(image.get());
          } else {
            installBase(image, epochOffset, next, checksum);
          }
        },
        core.locator::locate);
  }

  private void installBase(
      Optional<DatabaseImage> image, long epochOffset, EpochId next, int checksum) {
    Replica base =
        image
            .map(i -> i.asBaseOf(next, epochOffset, false))
            .orElseGet(() -> Replica.empty(next, epochOffset, false));
    core.memory.install(
        base,
        checksum,
        image.isPresent() ? RecoveryReport.Source.DATABASE : RecoveryReport.Source.LOG,
        image.map(DatabaseImage::counts).orElse(Map.of()));
    core.reader.follow(epochOffset + 1);
    core.sender.open(base);
  }
}
