// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import java.util.Arrays;

/** Delays in nanoseconds, sorted. */
record Latencies(long[] sorted) {

  /** From {@code began[i]} to {@code seen[i]}, each on its own clock. */
  static Latencies between(long[] began, long beganOffset, long[] seen, long seenOffset) {
    if (began.length != seen.length || began.length == 0) {
      throw new IllegalArgumentException(
          "expected one end for each beginning, but there were %d and %d"
              .formatted(began.length, seen.length));
    }
    long[] delays = new long[began.length];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = (seen[i] - seenOffset) - (began[i] - beganOffset);
    }
    Arrays.sort(delays);
    return new Latencies(delays);
  }

  /** The smallest delay that {@code percent} of all do not exceed. */
  long percentile(int percent) {
    return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
  }
}
