// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a member: its replica, where that came from, and when it is all there.
 *
 * <p><b>When a member is ready (E6).</b> An own event that is appended after the memory was
 * installed marks the place up to which the log must be applied; an own {@code Join} that is read
 * again from an old log does not. Besides, the member must be in its own view, and beyond every cut
 * that came with the memory.
 *
 * <p><b>What becomes of the outbox.</b> It is numbered in the epoch of its {@code Join}, whatever
 * memory is installed later. In the same epoch the memory's sequence of this member says what it
 * covers; in another one the sequences of the epoch before do, if they are of the outbox's.
 */
final class Memory {

  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private final MemberCore core;
  private @Nullable Replica replica;
  private int checksum;
  private boolean complete;
  private boolean adopted;
  private RecoveryReport.Source source = RecoveryReport.Source.LOG;
  private Map<String, Long> fromSource = Map.of();
  private long basePosition;
  private long recoveryStartedMillis;
  private RecoveryReport.Cause cause = RecoveryReport.Cause.START;

  /** Counts installed memories: each is ready when an own event behind it was applied. */
  private int installs;

  private boolean caughtUp;

  private int standingVersion;
  private volatile Standing standing = Standing.NONE;

  Memory(MemberCore core) {
    this.core = core;
  }

  /** Null before the first memory. */
  @Nullable Replica replica() {
    return replica;
  }

  /** Counter of the epoch; 0 without a memory. */
  long counter() {
    Replica held = replica;
    return held == null ? 0 : held.epoch().counter();
  }

  /** CRC-32C of the record at the replica's offset; 0 if it is not known. */
  int checksum() {
    return checksum;
  }

  void setChecksum(int of) {
    checksum = of;
  }

  /** The memory with which this member is or was ready, which it can offer; else null. */
  @Nullable Replica complete() {
    return complete ? replica : null;
  }

  RecoveryReport.Source source() {
    return source;
  }

  Map<String, Long> fromSource() {
    return fromSource;
  }

  /** What others may know of the replica; any thread. */
  Standing standing() {
    return standing;
  }

  /** The replica moved, and the listener knows: other threads may. */
  void publish(Replica held) {
    Standing last = standing;
    boolean sameView = last.epoch().equals(held.epoch()) && standingVersion == held.viewVersion();
    standingVersion = held.viewVersion();
    standing =
        new Standing(
            held.epoch(),
            held.position(),
            held.count(),
            sameView ? last.view() : Map.copyOf(held.view()));
  }

  /** A recovery begins: its time counts from now on. */
  void recoveryBegins(RecoveryReport.Cause why) {
    cause = complete ? why : cause; // what was never complete is still being got for the first time
    restartClock();
  }

  /** The time of the recovery counts from now on. */
  void restartClock() {
    recoveryStartedMillis = core.applier.nowMillis();
  }

  /** How long the present recovery has taken so far. */
  Duration recoveringFor() {
    return Duration.ofMillis(core.applier.nowMillis() - recoveryStartedMillis);
  }

  /** Nothing is held any more. */
  void forget() {
    replica = null;
    complete = false;
    source = RecoveryReport.Source.LOG;
    fromSource = Map.of();
    standing = Standing.NONE;
  }

  /**
   * The memory was put together without the source that its epoch names: as soon as it is ready the
   * next epoch begins, so that all members agree on it.
   */
  void adopt() {
    adopted = true;
  }

  /** The memory comes from the source that its epoch names, or is about to. */
  void disown() {
    adopted = false;
  }

  void install(
      Replica installed, int lastChecksum, RecoveryReport.Source from, Map<String, Long> counts) {
    LOG.trace(
        "{} installs {} of {} at {}",
        core.settings.name(),
        from,
        installed.epoch(),
        installed.offset());
    core.know(installed.epoch());
    replica = installed;
    checksum = lastChecksum;
    source = from;
    fromSource = counts;
    basePosition = from == RecoveryReport.Source.LOG ? 0 : installed.position();
    core.phase = Phase.CATCHING_UP;
    core.reader.attach();
    complete = false;
    core.epochs.sourceFound();
    core.recovery.installed();
    core.lossFinder.installed(installed);
    core.listener.installed(installed); // own overlays end later: readers find one of the two (E4)
    standing = Standing.NONE; // the view may be another although its version is not
    publish(installed);
    EpochId numbered = core.sender.numbered();
    if (numbered.equals(EpochId.NONE) || numbered.equals(installed.epoch())) {
      core.outbox.covered(installed.sequence(core.self));
    } else {
      core.sender.enteredEpoch();
      core.outbox.enterEpoch(installed.coveredInEpoch(numbered, core.self));
    }
    core.outbox.forgetFigures();
    awaitOwnEvent(installed);
    core.announcements.installed(installed);
    core.acknowledgements.advanced();
    core.reports.advanced();
  }

  /**
   * The memory is what was held before, without what has been written since: as soon as that is
   * applied it is ready, and the next epoch begins, as by {@link #adopt}.
   */
  void goOn(Replica held) {
    adopt();
    core.reader.attach();
    core.phase = Phase.CATCHING_UP;
    awaitOwnEvent(held);
  }

  private void awaitOwnEvent(Replica installed) {
    int then = ++installs;
    caughtUp = false;
    if (installed.sequence(core.self) > 0 && !installed.view().containsKey(core.self)) {
      core.announcements.gone();
      core.outbox.offerControl(new Event.Join(core.settings.name()), OwnEvent.UNATTENDED); // F1
    }
    core.outbox.offerControl(
        new Event.Heartbeat(installed.position(), installed.count(), installed.sum()),
        fate -> caughtUp |= then == installs && fate == OwnEvent.Fate.EFFECTIVE);
  }

  /** The memory is what this member itself offers as the source of its epoch (F2). */
  void offered(boolean wasReady) {
    complete = true;
    if (wasReady) {
      core.phase = Phase.READY;
      core.trouble("");
    }
  }

  /** A batch was applied: it may have been the last that was missing. */
  void advanced(Replica held) {
    publish(held);
    core.acknowledgements.advanced();
    core.reports.advanced();
    core.epochs.endQuiet(held);
    if (core.phase == Phase.CATCHING_UP
        && caughtUp
        && held.view().containsKey(core.self)
        && held.isBeyondCuts()) {
      becomeReady(held);
    }
  }

  /**
   * Reading goes on over another connection: an epoch that is owed may have been lost with the one
   * before, and is appended again when all is applied that was written meanwhile.
   */
  void resumed(Replica held) {
    if (adopted && core.phase == Phase.READY) {
      core.outbox.offerControl(
          new Event.Heartbeat(held.position(), held.count(), held.sum()),
          fate -> {
            if (fate == OwnEvent.Fate.EFFECTIVE) {
              openOwedEpoch();
            }
          });
    }
  }

  /** Appends the epoch that begins with an adopted memory. */
  private void openOwedEpoch() {
    if (adopted && core.phase == Phase.READY) {
      core.epochs.append(Event.SourceKind.MEMBER);
    }
  }

  private void becomeReady(Replica held) {
    LOG.trace("{} becomes ready", core.settings.name());
    core.phase = Phase.READY;
    core.setReady(true);
    complete = true;
    openOwedEpoch();
    core.trouble("");
    core.outbox.offerControl(new Event.Ready(), OwnEvent.UNATTENDED);
    Map<String, Long> fromLog = new HashMap<>();
    for (String cache : held.cacheNames()) {
      var state = held.cacheState(cache);
      if (state != null) {
        fromLog.put(
            cache,
            state.entries().values().stream()
                .filter(e -> e.writePosition() > basePosition)
                .count());
      }
    }
    RecoveryReport report = new RecoveryReport(source, fromSource, fromLog, recoveringFor(), cause);
    core.meter.recovered(report);
    core.listener.ready(report);
  }
}
