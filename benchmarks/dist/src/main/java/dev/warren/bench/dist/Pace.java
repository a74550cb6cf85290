// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets one thread go on at equal intervals. Delays of up to 20 ms are made good, longer ones are
 * not: who is held up loses turns.
 */
final class Pace {

  private static final long MADE_GOOD_NANOS = 20_000_000;

  private final long intervalNanos;
  private long nextNanos = System.nanoTime();

  Pace(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  void await() {
    nextNanos = Math.max(nextNanos + intervalNanos, System.nanoTime() - MADE_GOOD_NANOS);
    for (long left = nextNanos - System.nanoTime();
        left > 0;
        left = nextNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
