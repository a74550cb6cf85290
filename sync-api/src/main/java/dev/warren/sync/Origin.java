// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.UUID;

/** The random identity of one start of one member (rule A3). */
public record Origin(UUID id) implements Comparable<Origin> {

  /** A new random origin. */
  public static Origin random() {
    return new Origin(UUID.randomUUID());
  }

  @Override
  public int compareTo(Origin other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
