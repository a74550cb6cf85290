// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.SharedLog;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Outcome;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log and applies it to the memory.
 *
 * <p><b>Attached or detached.</b> While the log is not the one that the memory was made of, only an
 * {@code Epoch} counts: batches of the old epoch that late connections left in the new log would be
 * applied by some members and not by others.
 */
final class LogReader {

  /** Records that wait for the applier; more wait in the transport. */
  private static final int AHEAD = 256;

  private final MemberCore core;
  private final Follower follower = new Follower();
  private SharedLog.@Nullable LogSubscription subscription;

  /** The first record of the log that is being read; null if it is not known. */
  private @Nullable LogHead head;

  /** The epoch that the log's first record opened for a member that held nothing. */
  private EpochId begunWith = EpochId.NONE;

  /** Counts ticks in which nothing came. */
  private int silentTicks;

  private boolean awaitingHead;
  private boolean verifying;
  private boolean epochInDoubt;
  private boolean detached;
  private boolean onlyEpoch;
  private Runnable otherwise = () -> {};

  LogReader(MemberCore core) {
    this.core = core;
  }

  /** Records of the log that were no batches; any thread. */
  long refused() {
    return follower.refused();
  }

  /** What the log began with when it was last looked at. */
  @Nullable LogHead head() {
    return head;
  }

  void setHead(@Nullable LogHead of) {
    head = of;
  }

  boolean isDetached() {
    return detached;
  }

  /** The log belongs to the memory that is being installed. */
  void attach() {
    detached = false;
    onlyEpoch = false;
  }

  /** The log is read for its {@code Epoch} alone; the subscription stays. */
  void detach() {
    core.sender.pause();
    detached = true;
  }

  /** Reads from {@code offset} on, to apply. */
  void follow(long offset) {
    cancel();
    verifying = false;
    detached = false;
    onlyEpoch = false;
    subscribe(offset);
  }

  /**
   * Reads the log for an {@code Epoch} above the memory's alone: the log is behind the memory. From
   * its beginning, since another member may have appended one already.
   */
  void awaitEpoch() {
    followDetached(SharedLog.FIRST);
    onlyEpoch = true;
  }

  /** Reads from {@code offset} on a log that the memory was not made of. */
  void followDetached(long offset) {
    core.sender.pause();
    follow(offset);
    detached = true;
  }

  /**
   * Reads on from the record applied last, which must be the same still (A6); runs {@code ifNot} if
   * another comes, or none in {@code patience}.
   */
  void resume(Replica held, Duration patience, Runnable ifNot) {
    epochInDoubt = false;
    verifyFrom(held, patience, ifNot);
  }

  /** As {@link #resume}, where the record must also be of the memory's epoch. */
  void resumeInEpoch(Replica held, Duration patience, Runnable ifNot) {
    epochInDoubt = true;
    verifyFrom(held, patience, ifNot);
  }

  private void verifyFrom(Replica held, Duration patience, Runnable ifNot) {
    cancel();
    verifying = true;
    otherwise = ifNot;
    subscribe(held.offset());
    core.later(
        patience,
        () -> {
          if (verifying) {
            verifying = false;
            ifNot.run();
          }
        });
  }

  void cancel() {
    if (subscription != null) {
      SharedLog.LogSubscription old = subscription;
      subscription = null;
      core.turn++;
      core.inBackground(old::close);
    }
  }

  private void subscribe(long from) {
    awaitingHead = from == SharedLog.FIRST;
    silentTicks = 0;
    subscription = core.transport.log().subscribe(from, new HandOver(core.turn));
  }

  /** Hands records to the applier; of one subscription. */
  private final class HandOver implements SharedLog.LogHandler {
    private final int then;
    private final Semaphore room = new Semaphore(AHEAD);

    HandOver(int then) {
      this.then = then;
    }

    @Override
    public boolean offer(LogRecord logRecord) {
      boolean hasRoom = room.tryAcquire();
      if (hasRoom) {
        handOver(logRecord);
      }
      return hasRoom;
    }

    @Override
    public void onRecord(LogRecord logRecord) {
      room.acquireUninterruptibly();
      handOver(logRecord);
    }

    private void handOver(LogRecord logRecord) {
      core.applier.execute(
          () -> {
            room.release();
            if (core.isTurn(then)) {
              arrived(logRecord);
            }
          });
    }
  }

  /**
   * Now and then: how many times in a row nothing has come of the log since the time before.
   * Counted, not measured: a process that stood still has missed nothing but its turns.
   */
  int silentTicks() {
    return silentTicks++;
  }

  private void arrived(LogRecord logRecord) {
    silentTicks = 0;
    if (awaitingHead) {
      awaitingHead = false;
      head = LogHead.of(logRecord);
    }
    Replica held = core.memory.replica();
    if (verifying && held != null) {
      verify(held, logRecord);
      return;
    }
    Optional<Batch> decoded = follower.decode(logRecord);
    if (decoded.isEmpty()) {
      if (held != null && !detached && logRecord.offset() > held.offset()) {
        held.skip(logRecord.offset());
        core.memory.publish(held);
        core.memory.setChecksum(Follower.checksum(logRecord));
      }
      return;
    }
    Batch batch = decoded.get();
    Optional<Event.Epoch> opening = Follower.opening(batch);
    if (opening.isPresent() && opening.get().id().counter() > core.memory.counter()) {
      core.memory.setChecksum(Follower.checksum(logRecord));
      boolean isFirst = head != null && head.offset() == logRecord.offset();
      begunWith = held == null && isFirst ? opening.get().id() : EpochId.NONE;
      core.epochs.enter(logRecord, opening.get());
      return;
    }
    if (detached
        && (onlyEpoch
            || core.memory.complete() != null)) { // an epoch that begins with it is to come
      return;
    }
    if (held != null && opening.isEmpty() && !detached && beganWithSecondEpoch(held, batch)) {
      if (core.recovery.headIsGone()) {
        return;
      }
      held = null;
    }
    if (held == null || detached) { // A7: the log's head was truncated; its batches tell the epoch
      held = Replica.empty(batch.epoch(), logRecord.offset() - 1, true);
      core.memory.install(held, 0, RecoveryReport.Source.LOG, Map.of());
      core.sender.open(held);
    }
    if (logRecord.offset() > held.offset()) {
      apply(held, logRecord, batch);
    }
  }

  /**
   * Of two epochs with one counter the first one took effect (A6), and its members appended batches
   * in it; in the second one nobody ever did. So when retention has left the second {@code Epoch}
   * as the log's first record, the first batch that comes tells: a member that took that record for
   * the beginning has applied nothing in its epoch yet, and a batch of the other one comes.
   */
  private boolean beganWithSecondEpoch(Replica held, Batch batch) {
    return held.count() == 0
        && held.epoch().equals(begunWith)
        && batch.epoch().counter() == held.epoch().counter()
        && !batch.epoch().equals(held.epoch());
  }

  private void verify(Replica held, LogRecord logRecord) {
    verifying = false;
    int known = core.memory.checksum();
    boolean sameBytes = known == 0 || known == Follower.checksum(logRecord);
    boolean later = // than anything in the log that the memory was made of
        Follower.peek(logRecord)
            .filter(batch -> batch.epoch().counter() > held.epoch().counter())
            .isPresent();
    boolean other =
        epochInDoubt
            && Follower.peek(logRecord)
                .filter(batch -> batch.epoch().equals(held.epoch()))
                .isEmpty();
    if (logRecord.offset() != held.offset() || !sameBytes || later || other) {
      otherwise.run();
    } else {
      core.sender.open(held);
      core.memory.resumed(held);
      core.trouble(""); // behind it: who is told that all is well may write
    }
  }

  private void apply(Replica held, LogRecord logRecord, Batch batch) {
    core.memory.setChecksum(Follower.checksum(logRecord));
    boolean own = batch.origin().equals(core.self);
    long before = held.count();
    Verdict verdict = held.apply(logRecord.offset(), batch, this::applied);
    core.meter.read(verdict, batch.events().size(), held.count() - before);
    if (own && verdict == Verdict.BEYOND_NEXT) {
      core.sender.holeSeen();
      core.epochs.ownBatchIsBeyondNext(held, batch);
    } else if (own) {
      core.outbox.dropApplied(held.sequence(core.self));
      core.sender.pump();
    }
    core.lossFinder.applied(held);
    core.memory.advanced(held);
    if (!own && batch.epoch().equals(held.epoch())) {
      compare(batch);
    }
  }

  /** On its own at the end: the memory may be given up for it. */
  private void compare(Batch batch) {
    for (Event event : batch.events()) {
      if (event instanceof Event.Heartbeat heartbeat) {
        core.lossFinder.compare(batch.origin(), heartbeat);
      }
    }
  }

  private void applied(Applied applied) {
    boolean own = applied.origin().equals(core.self);
    if (applied.event() instanceof Event.CacheEvent) {
      core.listener.applied(applied);
    } else if (own && applied.event() instanceof Event.Join) {
      core.announcements.joined();
      core.sender.ownJoinApplied();
      if (core.phase == Phase.READY) {
        core.outbox.offerControl(new Event.Ready(), OwnEvent.UNATTENDED);
      }
    } else if (applied.event() instanceof Event.Suspect suspect
        && suspect.member().equals(core.self)
        && applied.outcome() == Outcome.EFFECTIVE) {
      core.announcements.gone();
      core.outbox.offerControl(new Event.Join(core.settings.name()), OwnEvent.UNATTENDED);
    }
    if (own) {
      core.outbox.applied(applied);
    }
  }

  @Override
  public String toString() {
    return detached ? " detached" : verifying ? " verifying" : "";
  }
}
