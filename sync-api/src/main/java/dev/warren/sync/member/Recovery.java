// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.SharedLog;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.replica.Replica;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a memory (E1 to E5): from a ready member, else the best of what is left.
 *
 * <p>Each source gives one cut at an offset; the log is then read from behind it. The log can be
 * read again from any retained offset, so that nothing needs to be buffered while the cut travels.
 *
 * <p><b>When nobody is ready.</b> Of those who ask, the one that held most goes first, and the
 * others wait for it to become ready. It compares its own memory with the database's copy and takes
 * the newer; if the log no longer holds what followed, it applies what there is and opens the next
 * epoch, since another member may have found less (A7, F2).
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private static final long NOT_SEEKING = Long.MIN_VALUE;

  private final MemberCore core;
  private final DatabaseSource database;
  private final Map<Origin, PeerMessage.Here> answers = new HashMap<>();
  private long transfers;

  /** The transfer that runs, in {@link Phase#FETCHING}, else one that may be resumed. */
  private @Nullable SnapshotFetch fetch;

  /** Since when a source is sought on this connection, and nobody has answered. */
  private long seekingSinceMillis = NOT_SEEKING;

  /** The log begins with an {@code Epoch}, but it is not the one that its batches are of. */
  private boolean headIsSecondEpoch;

  Recovery(MemberCore core) {
    this.core = core;
    this.database = new DatabaseSource(core, this);
  }

  /** The connection ended; a transfer may go on over the next one. */
  void reset() {
    seekingSinceMillis = NOT_SEEKING;
    headIsSecondEpoch = false;
  }

  /** Goes on from the database's copy, which was read already and is of the log's epoch (E5). */
  void followFrom(DatabaseImage image) {
    database.followFrom(image);
  }

  // ---- who has it

  /** Asks all members what they hold. */
  void seek() {
    core.phase = Phase.SEEKING;
    if (seekingSinceMillis == NOT_SEEKING) {
      seekingSinceMillis = core.applier.nowMillis();
    }
    answers.clear();
    core.transport.peers().broadcast(new PeerMessage.Who().encode());
    core.later(core.settings.seekTimeout(), this::choose);
  }

  /** Asks once more in a while, unless somebody has answered by then. */
  void seekOn() {
    core.later(
        core.settings.seekTimeout(),
        () -> {
          if (core.phase == Phase.SEEKING) {
            seek();
          }
        });
  }

  /** A member answers. */
  void heard(Origin from, PeerMessage.Here here) {
    answers.put(from, here);
    boolean othersMayWait = fetch == null || canResume(from, here);
    if (core.phase == Phase.SEEKING && canServe(here) && othersMayWait) {
      ask(from);
    }
  }

  private boolean canResume(Origin from, PeerMessage.@Nullable Here here) {
    SnapshotFetch interrupted = fetch;
    return interrupted != null && here != null && interrupted.mayResume(from, here.epoch());
  }

  private boolean canServe(PeerMessage.Here here) {
    return here.ready() && here.epoch().counter() >= core.highestCounter();
  }

  private void choose() {
    if (core.phase != Phase.SEEKING) {
      return;
    }
    Optional<Map.Entry<Origin, PeerMessage.Here>> best =
        answers.entrySet().stream()
            .filter(e -> canServe(e.getValue()))
            .max(
                Map.Entry.comparingByValue(
                    Comparator.<PeerMessage.Here>comparingLong(here -> here.epoch().counter())
                        .thenComparingLong(PeerMessage.Here::position)));
    boolean othersFirst =
        answers.entrySet().stream()
            .anyMatch(e -> e.getValue().recovering() || goesFirst(e.getKey(), e.getValue()));
    Replica held = core.memory.complete();
    fetch = null; // its source did not answer
    if (best.isPresent()) {
      ask(best.get().getKey());
    } else if (othersFirst) {
      seekOn();
    } else if (core.epochs.isSourceMissing()) {
      core.epochs.replaceLostSource();
    } else if (held != null) {
      preferNewer(held);
    } else {
      database.load();
    }
  }

  private boolean goesFirst(Origin other, PeerMessage.Here here) {
    PeerMessage.Here own = here();
    int order = Long.compare(here.epoch().counter(), own.epoch().counter());
    if (order == 0) {
      order = Long.compare(here.position(), own.position());
    }
    return order > 0 || (order == 0 && other.compareTo(core.self) < 0);
  }

  /** What this member can offer: the memory with which it is or was ready. */
  PeerMessage.Here here() {
    Replica held = core.memory.complete();
    EpochId epoch = held == null ? EpochId.NONE : held.epoch();
    long position = held == null ? Positions.BEFORE_FIRST : held.position();
    boolean serves = core.phase == Phase.READY && core.sender.isOpen();
    return new PeerMessage.Here(epoch, serves, core.phase.isRecovering(), position);
  }

  // ---- from a member

  /** A memory is installed, whatever it came from: a transfer that was interrupted is let go. */
  void installed() {
    fetch = null;
  }

  /** Gets the memory from this member, or, if it cannot serve, from another. */
  void fetchFrom(Origin member) {
    fetch = null;
    ask(member);
  }

  private void ask(Origin from) {
    core.phase = Phase.FETCHING;
    seekingSinceMillis = NOT_SEEKING;
    SnapshotFetch interrupted = fetch;
    SnapshotFetch started;
    PeerMessage request;
    if (interrupted != null && canResume(from, answers.get(from))) {
      LOG.info(
          "the transfer from {} goes on behind {} chunks that have come",
          from,
          interrupted.received());
      started = interrupted;
      started.resumed();
      request = new PeerMessage.Resume(started.transfer(), started.received());
    } else {
      started = new SnapshotFetch(from, ++transfers);
      request = new PeerMessage.Ask(started.transfer());
    }
    fetch = started;
    core.whenDone(
        core.transport.peers().send(from, request.encode()),
        sent -> watch(started, -1),
        failure -> core.later(MemberCore.RETRY, this::seek));
  }

  /** A transfer in which nothing moved for a while is given up, and another source is sought. */
  private void watch(SnapshotFetch watched, int progress) {
    core.later(
        MemberCore.STALL,
        () -> {
          if (fetch != watched || core.phase != Phase.FETCHING) {
            return;
          }
          if (watched.progress() == progress) {
            LOG.info("the transfer from {} stalled: looking for a source", watched.source());
            seek();
          } else {
            watch(watched, watched.progress());
          }
        });
  }

  /** A part of a snapshot comes, or the word that there is none. */
  void received(Origin from, PeerMessage message) {
    SnapshotFetch running = fetch;
    if (running == null || core.phase != Phase.FETCHING) {
      return;
    }
    try {
      if (message instanceof PeerMessage.Head head && running.isFor(from, head.transfer())) {
        running.head(head);
      } else if (message instanceof PeerMessage.Chunk chunk
          && running.isFor(from, chunk.transfer())) {
        running.chunk(chunk);
        core.transport
            .peers()
            .send(from, new PeerMessage.Credit(chunk.transfer(), running.received()).encode());
      } else if (message instanceof PeerMessage.End end && running.isFor(from, end.transfer())) {
        running.end(end);
      } else if (message instanceof PeerMessage.Refuse refuse
          && running.isFor(from, refuse.transfer())) {
        fetch = null;
        core.later(MemberCore.RETRY, this::seek);
        return;
      }
    } catch (IOException e) {
      LOG.warn(
          "WRN-0205 the snapshot of {} cannot be read, another source is sought: {}",
          from,
          e.getMessage());
      fetch = null;
      core.later(MemberCore.RETRY, this::seek);
      return;
    }
    Optional<SnapshotImage> image = running.image();
    if (image.isPresent()) {
      core.transport.peers().send(from, new PeerMessage.Done(running.transfer()).encode());
      install(image.get());
    }
  }

  private void install(SnapshotImage image) {
    core.memory.disown();
    Replica installed = image.toReplica();
    core.memory.install(installed, image.checksum(), RecoveryReport.Source.MEMBER, image.counts());
    core.reader.resume(
        installed,
        MemberCore.STALL,
        () -> core.locator.recoverAnew(RecoveryReport.Cause.LOG_REPLACED));
  }

  // ---- from the log alone

  /**
   * A log from which retention has taken something is no memory: whoever is ready has what is
   * missing, even if it was silent just now, because it is connecting again, or stands still. So it
   * is asked again for as long as a member may be silent.
   */
  void readLogIfWhole() {
    core.whenDone(
        core.transport.log().head(),
        first -> {
          Optional<Batch> begin = first.flatMap(Follower::peek);
          boolean isTruncated =
              headIsSecondEpoch
                  || (begin.isPresent() && begin.flatMap(Follower::opening).isEmpty());
          if (isTruncated && !hasAskedForLong()) {
            core.later(core.settings.seekTimeout(), this::seek);
          } else {
            readLogAlone();
          }
        },
        failure -> core.later(MemberCore.RETRY, core.locator::locate));
  }

  private boolean hasAskedForLong() {
    long asked = core.applier.nowMillis() - seekingSinceMillis;
    return asked >= core.settings.memberTimeout().toMillis();
  }

  /**
   * The log was taken for whole, since it begins with an {@code Epoch}, but that one came second:
   * the first one is gone, and maybe more. Returns false if others have been asked for long enough,
   * and what the log holds is all there is.
   */
  boolean headIsGone() {
    headIsSecondEpoch = true;
    if (hasAskedForLong()) {
      return false;
    }
    core.reader.cancel();
    core.sender.pause();
    core.memory.forget();
    seek();
    return true;
  }

  void readLogAlone() {
    core.phase = Phase.CATCHING_UP;
    core.memory.forget();
    core.reader.follow(SharedLog.FIRST);
    core.later(core.settings.epochGrace(), this::openUnlessRead);
  }

  /**
   * A log in which only foreign records stand is opened as an empty one is. If batches come after
   * all, theirs is the epoch: a counter that is no higher has no effect (A6).
   */
  private void openUnlessRead() {
    if (core.phase != Phase.CATCHING_UP || core.memory.replica() != null) {
      return;
    }
    if (core.reader.refused() == 0) { // nothing came yet
      core.later(core.settings.epochGrace(), this::openUnlessRead);
      return;
    }
    core.phase = Phase.EMPTY_LOG;
    core.reader.detach();
    core.epochs.openFirst();
  }

  // ---- from what was held before

  private void preferNewer(Replica held) {
    boolean othersMayCome = held.view().keySet().stream().anyMatch(o -> !o.equals(core.self));
    if (othersMayCome && core.memory.recoveringFor().compareTo(core.settings.memberTimeout()) < 0) {
      seekOn();
      return;
    }
    SnapshotStore store = core.store;
    if (store == null) {
      goOnWith(held);
      return;
    }
    core.phase = Phase.LOADING;
    core.askDatabase(
        store::readCheckpoint,
        checkpoint -> {
          if (checkpoint.filter(c -> isNewer(c, held)).isPresent()) {
            database.load();
          } else {
            goOnWith(held);
          }
        },
        this::seek);
  }

  private static boolean isNewer(SnapshotStore.Checkpoint checkpoint, Replica held) {
    return checkpoint.epoch().counter() > held.epoch().counter()
        || (checkpoint.epoch().equals(held.epoch()) && checkpoint.position() > held.position());
  }

  private void goOnWith(Replica held) {
    core.phase = Phase.LOADING; // who answers now comes too late
    core.whenDone(
        core.transport.log().head(),
        first -> {
          if (first.isEmpty()) {
            core.locator.emptyLog();
          } else if (first.get().offset() > held.offset()) {
            long begin = first.get().offset();
            Replica base =
                SnapshotImage.cut(held, core.memory.checksum()).behindGap(begin, core.self);
            installBehindGap(
                base, "at " + held.offset(), begin, core.memory.source(), core.memory.fromSource());
          } else {
            goOnInLog(held);
          }
        },
        failure -> {
          core.phase = Phase.LOCATING;
          core.later(MemberCore.RETRY, core.locator::locate);
        });
  }

  /**
   * What others wrote until they died may stand in the log behind what is held. It is applied
   * first, unless the log is another one; in either case the next epoch begins with the result,
   * since another member may have found less.
   */
  private void goOnInLog(Replica held) {
    core.memory.goOn(held);
    core.reader.resume(
        held,
        DatabaseSource.LOST_TAIL,
        () -> {
          core.phase = Phase.SEEKING;
          core.reader.followDetached(SharedLog.FIRST);
          core.epochs.append(Event.SourceKind.MEMBER);
        });
  }

  /** A7: the log no longer holds what followed {@code base}; what it does hold is applied to it. */
  void installBehindGap(
      Replica base, String last, long first, RecoveryReport.Source from, Map<String, Long> counts) {
    LOG.warn(
        "WRN-0214 the log begins at offset {}, the newest memory that can be had ends {}: changes"
            + " between them are lost; keep the log for longer than all members and the database"
            + " can be away",
        first,
        last);
    core.memory.adopt();
    core.memory.install(base, 0, from, counts);
    core.reader.follow(first);
    core.sender.open(base);
  }
}
