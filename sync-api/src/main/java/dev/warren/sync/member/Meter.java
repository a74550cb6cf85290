// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts and measures what a member does. Written on the applier thread, read by any.
 *
 * <p><b>Lag.</b> Nobody can ask a stream cheaply how long it is. But every member appends a
 * heartbeat at each interval and reads it back from the log: how many events were applied in
 * between is how many stood before it and had not been applied when it was appended, and the time
 * in between is what an own event needs from the outbox to being applied. A heartbeat that does not
 * come back makes the lag grow from then on, a lost connection from its loss.
 */
final class Meter {

  private static final long NOTHING = Long.MIN_VALUE;

  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong beyondNext = new AtomicLong();
  private final AtomicLong otherEpoch = new AtomicLong();
  private final AtomicLong resynchronisations = new AtomicLong();
  private volatile RecoveryReport.@Nullable Cause lastCause;
  private volatile Duration lastTook = Duration.ZERO;

  private volatile long lagEvents;
  private volatile long lagMillis;

  /** When what is under way was appended; {@link #NOTHING} if nothing is. */
  private volatile long sinceMillis = NOTHING;

  private long countBefore;

  void read(Verdict verdict, int events, long newEvents) {
    switch (verdict) {
      case APPLIED, DUPLICATE -> duplicates.addAndGet(events - newEvents);
      case BEYOND_NEXT -> beyondNext.addAndGet(events);
      case OTHER_EPOCH, UNKNOWN_ORIGIN -> otherEpoch.addAndGet(events);
    }
  }

  void recovered(RecoveryReport report) {
    if (report.cause() != RecoveryReport.Cause.START) {
      lastCause = report.cause();
      lastTook = report.took();
      resynchronisations.incrementAndGet();
    }
  }

  /** A heartbeat is handed to the outbox. */
  void heartbeatSent(Replica replica, long nowMillis) {
    countBefore = replica.count();
    if (sinceMillis == NOTHING) {
      sinceMillis = nowMillis;
    }
  }

  /** It was read back, and counts itself. */
  void heartbeatApplied(Replica replica, long nowMillis) {
    lagEvents = Math.max(0, replica.count() - countBefore - 1);
    lagMillis = sinceMillis == NOTHING ? 0 : nowMillis - sinceMillis;
    sinceMillis = NOTHING;
  }

  /** From now on nothing comes. */
  void disconnected(long nowMillis) {
    if (sinceMillis == NOTHING) {
      sinceMillis = nowMillis;
    }
  }

  MemberFigures figures(Standing standing, Outbox outbox, long refused, long nowMillis) {
    long since = sinceMillis;
    long underWay = since == NOTHING ? 0 : nowMillis - since;
    return new MemberFigures(
        standing.epoch(),
        standing.position(),
        standing.count(),
        lagEvents,
        Math.max(lagMillis, underWay),
        duplicates.get(),
        beyondNext.get(),
        otherEpoch.get(),
        refused,
        resynchronisations.get(),
        lastCause,
        lastTook,
        outbox.depth(),
        outbox.bytes());
  }
}
