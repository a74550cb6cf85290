// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

/**
 * Spreads bytes over time: what was sent takes its share of the time that follows. At most a tenth
 * of a second's worth goes out at once. Thread-safe.
 */
final class Pace {

  private static final double BURST_MILLIS = 100;

  private final double bytesPerMilli;

  /** When all that was sent so far will have had its time. */
  private double paidMillis = Double.NEGATIVE_INFINITY;

  /**
   * @param bytesPerSecond at least 1; {@link MemberSettings#UNLIMITED} never waits
   */
  Pace(long bytesPerSecond) {
    bytesPerMilli = (double) bytesPerSecond / 1_000;
  }

  /** How long to wait before anything more is sent; 0 if it may go now. */
  synchronized long waitMillis(long nowMillis) {
    return (long) Math.ceil(Math.max(0, paidMillis - (double) nowMillis - BURST_MILLIS));
  }

  synchronized void sent(long nowMillis, long bytes) {
    paidMillis = Math.max(paidMillis, (double) nowMillis) + (double) bytes / bytesPerMilli;
  }
}
