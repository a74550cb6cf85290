// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.SharedLog;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the outbox's batches to the log (rules A2, A3), on the applier thread.
 *
 * <p>One append that ends badly makes the whole order doubtful: what was appended behind it may
 * stand in the log beyond a hole and is then skipped by all. So every failure, and every own batch
 * that is seen beyond the next sequence, leads to one {@link Outbox#repeat} of all that is sealed.
 * Repetition is delayed a little, so that the failures of one incident lead to one repetition.
 */
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final Duration REPEAT_DELAY = Duration.ofMillis(20);

  /** A batch that was not read back for so long was lost, whatever its author was told. */
  private static final long LOST_MILLIS = 5_000;

  private final SharedLog log;
  private final Outbox outbox;
  private final Origin origin;
  private final Event.Join join;
  private final Applier applier;

  /** The epoch in which own events are appended; empty while nothing may be. */
  private Optional<EpochId> epoch = Optional.empty();

  /** The epoch in which the outbox is numbered: that of its {@code Join}; NONE before the first. */
  private EpochId numbered = EpochId.NONE;

  /** See {@link WarrenMember#isFollowing}. */
  private volatile boolean following;

  private boolean controlOnly;
  private boolean joinApplied;
  private boolean joinSealed;
  private boolean repeatDue;
  private boolean repeatScheduled;

  private long oldestSealed;
  private long oldestSinceMillis;

  /** Counts what makes earlier completions meaningless: connections and epochs. */
  private int era;

  Sender(SharedLog log, Outbox outbox, Origin origin, String name, Applier applier) {
    this.log = log;
    this.outbox = outbox;
    this.origin = origin;
    this.join = new Event.Join(name);
    this.applier = applier;
  }

  /** The log's epoch is known and its batches are being read: appending may begin or go on. */
  void open(Replica replica) {
    era++;
    epoch = Optional.of(replica.epoch());
    following = true;
    joinApplied = replica.sequence(origin) > 0;
    repeatNow();
    pump();
  }

  /** The connection ended. */
  void disconnected() {
    following = false;
    pause();
  }

  /** Any thread. */
  boolean isFollowing() {
    return following;
  }

  /** The connection ended, or the epoch is in doubt: nothing is appended until {@link #open}. */
  void pause() {
    era++;
    epoch = Optional.empty();
  }

  /**
   * A new epoch was entered: sequences start over. What was to be repeated belonged to the old one.
   */
  void enteredEpoch() {
    pause();
    numbered = EpochId.NONE;
    joinSealed = false;
    joinApplied = false;
    repeatDue = false;
  }

  /** The epoch in which the outbox is numbered; NONE before the first {@code Join}. */
  EpochId numbered() {
    return numbered;
  }

  boolean isOpen() {
    return epoch.isPresent();
  }

  /** Lets only control events pass, or everything again. */
  void setControlOnly(boolean only) {
    controlOnly = only;
    pump();
  }

  void ownJoinApplied() {
    joinApplied = true;
    pump();
  }

  /** Seals and appends what waits, as far as the batches in flight allow. */
  void pump() {
    if (epoch.isEmpty() || repeatDue) {
      return;
    }
    if (!joinSealed) {
      joinSealed = true;
      numbered = epoch.get();
      append(outbox.sealJoin(epoch.get(), origin, join));
      return;
    }
    if (!joinApplied) {
      return;
    }
    Optional<Batch> next = outbox.seal(epoch.get(), origin, controlOnly);
    while (next.isPresent()) {
      append(next.get());
      next = outbox.seal(epoch.get(), origin, controlOnly);
    }
  }

  private void append(Batch batch) {
    int then = era;
    log.append(BatchCodec.encode(batch))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                applier.execute(() -> appendFailed(then, failure));
              }
            });
  }

  private void appendFailed(int then, Throwable failure) {
    if (then != era) {
      return;
    }
    LOG.debug("an append failed and is repeated: {}", failure.getMessage());
    holeSeen();
  }

  /**
   * Now and then: a lost batch with others behind it shows as a hole, one without is found here.
   */
  void tick(long nowMillis) {
    long oldest = outbox.firstSealed();
    if (oldest != oldestSealed || epoch.isEmpty()) {
      oldestSealed = oldest;
      oldestSinceMillis = nowMillis;
    } else if (oldest != 0 && nowMillis - oldestSinceMillis > LOST_MILLIS) {
      oldestSinceMillis = nowMillis;
      holeSeen();
    }
  }

  /** Something of ours may be missing in the log: everything sealed is appended again. */
  void holeSeen() {
    repeatDue = true;
    if (!repeatScheduled) {
      repeatScheduled = true;
      applier.schedule(
          REPEAT_DELAY,
          () -> {
            repeatScheduled = false;
            if (epoch.isPresent()) {
              repeatNow();
              pump();
            }
          });
    }
  }

  private void repeatNow() {
    repeatDue = false;
    era++;
    outbox.repeat().forEach(this::append);
  }
}
