// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

/**
 * The place of one event in the log: {@code offset << 12 | index in batch} (rule A5). Positions of
 * one epoch compare as {@code long}s.
 */
public final class Positions {

  /** Bits of a position that hold the index within a batch. */
  public static final int INDEX_BITS = 12;

  /** Most events in one batch: 4,096. */
  public static final int MAX_BATCH_EVENTS = 1 << INDEX_BITS;

  /** Below every position of the log. */
  public static final long BEFORE_FIRST = -1;

  private Positions() {}

  /** The position of the event at {@code index} of the batch at {@code offset}. */
  public static long of(long offset, int index) {
    return (offset << INDEX_BITS) | index;
  }

  /** The broker's offset in a position; -1 for {@link #BEFORE_FIRST}. */
  public static long offset(long position) {
    return position >> INDEX_BITS;
  }

  /** The index within the batch. */
  public static int index(long position) {
    return (int) (position & (MAX_BATCH_EVENTS - 1));
  }
}
