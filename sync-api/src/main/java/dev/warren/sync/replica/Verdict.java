// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

/** What a replica decided about a whole batch, from the log alone (rules A4, A6, A7). */
public enum Verdict {
  /** At least its last event was new. */
  APPLIED,
  /** Ends at or before the last sequence applied of its origin. */
  DUPLICATE,
  /** Begins beyond the next sequence of its origin: skipped by all, its author appends it again. */
  BEYOND_NEXT,
  /** Belongs to another epoch. */
  OTHER_EPOCH,
  /** A repetition by an origin whose beginning was truncated away. */
  UNKNOWN_ORIGIN
}
