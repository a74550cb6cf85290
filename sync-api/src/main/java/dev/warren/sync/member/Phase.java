// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

/**
 * Where a member is on its way to its memory.
 *
 * <pre>
 * LOCATING --> SEEKING --> FETCHING ----> CATCHING_UP --> READY
 *    |            |  \--> LOADING ------>/                  |
 *    |            \-----> CATCHING_UP (from the log alone)  |
 *    +-- EMPTY_LOG (after the grace an Epoch is appended)   |
 *   any of them --> CLOSED      READY --> LOCATING only if its memory is lost
 * </pre>
 */
enum Phase {
  /** Reads the log's first record, or waits for a connection to do so. */
  LOCATING,
  /** The log is empty: waits for somebody's {@code Epoch}, or writes one. */
  EMPTY_LOG,
  /** Asks the other members who can serve a snapshot. */
  SEEKING,
  /** Receives a snapshot. */
  FETCHING,
  /** Reads MongoDB. */
  LOADING,
  /** Applies the log up to an own event appended since the memory came, and beyond every cut. */
  CATCHING_UP,
  READY,
  CLOSED;

  /** True while the asker must not be waited for: it holds nothing and waits itself. */
  boolean isRecovering() {
    return this == FETCHING || this == LOADING || this == CATCHING_UP;
  }
}
