// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.time.Duration;
import java.util.Map;

/**
 * Whence a member's memory came.
 *
 * @param fromSource entries that the base held, by cache
 * @param fromLog entries last written by events above the base, by cache
 * @param took from the start of the recovery to ready
 * @param cause why it was got
 */
public record RecoveryReport(
    Source source,
    Map<String, Long> fromSource,
    Map<String, Long> fromLog,
    Duration took,
    Cause cause) {

  /** Why the memory was got. */
  public enum Cause {
    /** The member was started. */
    START,
    /** The log no longer held what followed the last position applied. */
    LOG_TRUNCATED,
    /** The log no longer held what was applied last. */
    LOG_REPLACED,
    /** The next epoch began with another member's data, or the database's. */
    NEXT_EPOCH,
    /** Another member had applied more at the same position (A8). */
    EVENTS_MISSED
  }

  /** Bases of a memory. */
  public enum Source {
    MEMBER,
    DATABASE,
    LOG
  }

  public RecoveryReport {
    fromSource = Map.copyOf(fromSource);
    fromLog = Map.copyOf(fromLog);
  }
}
