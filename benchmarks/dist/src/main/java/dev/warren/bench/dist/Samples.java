// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;

/**
 * How long after it was written each of many things was seen, in nanoseconds. Both times are
 * CLOCK_MONOTONIC, which the processes of one machine share.
 */
final class Samples {

  /** Not there yet. */
  static final long ABSENT = Long.MIN_VALUE;

  /** Between two looks. A core that only looks would be missing to everybody else. */
  private static final long LOOK_NANOS = 20_000;

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final long[] sorted;

  private Samples(long[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Looks for one after the other.
   *
   * @param written when the thing of this number was written; {@link #ABSENT} before it is there
   * @throws IllegalStateException if one does not come
   */
  static Samples watch(int count, IntToLongFunction written) {
    long[] ages = new long[count];
    for (int i = 0; i < count; i++) {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      long at = written.applyAsLong(i);
      while (at == ABSENT) {
        LockSupport.parkNanos(LOOK_NANOS);
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("number " + i + " of " + count + " never came");
        }
        at = written.applyAsLong(i);
      }
      ages[i] = System.nanoTime() - at;
    }
    Arrays.sort(ages);
    return new Samples(ages);
  }

  /** The time that this part of them does not exceed. */
  long quantile(double part) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (part * sorted.length))];
  }

  /** As answered: median, 99th percentile, longest. */
  @Override
  public String toString() {
    return quantile(0.5) + " " + quantile(0.99) + " " + quantile(1);
  }
}
