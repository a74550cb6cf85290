// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Bytes;
import java.util.Arrays;

/**
 * The last positions at which keys of one cache moved, striped by key hash (rule B6). A key's
 * stripe is never behind the key's own last move, and may be ahead of it: whoever asks "did nothing
 * move since?" gets no false yes. Part of every snapshot, so that all replicas answer alike.
 */
public final class Stripes {

  /** Number of stripes; part of the snapshot format. */
  public static final int COUNT = 256;

  private final long[] positions;

  Stripes(long start) {
    positions = new long[COUNT];
    Arrays.fill(positions, start);
  }

  Stripes(long[] positions) {
    if (positions.length != COUNT) {
      throw new IllegalArgumentException(
          "a stripe table must have " + COUNT + " stripes, but had " + positions.length);
    }
    this.positions = positions.clone();
  }

  /** Position of the last move of the key's stripe. */
  public long at(Bytes key) {
    return positions[key.hashCode() & (COUNT - 1)];
  }

  void move(Bytes key, long position) {
    int stripe = key.hashCode() & (COUNT - 1);
    positions[stripe] = Math.max(positions[stripe], position);
  }

  void moveAll(long position) {
    Arrays.setAll(positions, i -> Math.max(positions[i], position));
  }

  long[] toArray() {
    return positions.clone();
  }
}
