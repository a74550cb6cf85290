// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

/** What an event that was applied did to the log state. */
public enum Outcome {
  /** Took effect, or is an event without a condition such as {@code Noop}. */
  EFFECTIVE,
  /** Its condition did not hold: changed nothing but its stripe (rules B5, B6). */
  INEFFECTIVE,
  /**
   * The state already contains it, from a snapshot that is ahead of the log for its key (rule E5).
   */
  COVERED
}
