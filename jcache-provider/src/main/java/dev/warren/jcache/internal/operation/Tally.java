// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** What one call adds to the statistics. Confined to the calling thread. */
public final class Tally {
  private long hits;
  private long misses;
  private long puts;
  private long removals;

  public void hit() {
    hits++;
  }

  public void miss() {
    misses++;
  }

  /** A hit if {@code found} is true, else a miss. */
  void get(boolean found) {
    if (found) {
      hit();
    } else {
      miss();
    }
  }

  public void put() {
    puts++;
  }

  public void removal() {
    removals++;
  }

  public long hits() {
    return hits;
  }

  public long misses() {
    return misses;
  }

  public long puts() {
    return puts;
  }

  public long removals() {
    return removals;
  }
}
