// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.util.Random;

/** Keys as popular as in the wild: the n-th most popular is asked for in proportion to 1/n^s. */
final class Zipf {
  private final double[] cumulative;
  private final Random random;

  Zipf(int keys, double skew, long seed) {
    this.random = new Random(seed);
    this.cumulative = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += 1 / Math.pow(i + 1, skew);
      cumulative[i] = sum;
    }
  }

  /** An index of a key; which ones are popular is scattered over the range. */
  int next() {
    double point = random.nextDouble() * cumulative[cumulative.length - 1];
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] < point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (int) ((low * 2_654_435_761L) % cumulative.length);
  }
}
