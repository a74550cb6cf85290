// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.time.Duration;

/**
 * What a manager's node has counted and measured since it was opened; by {@code
 * cacheManager.unwrap(WarrenMetrics.class)}. Cheap and thread-safe: made to be asked every second.
 */
public interface WarrenMetrics {

  /** Figures of the node. Without a log the position is -1 and the rest 0 or empty. */
  MemberMetrics memberMetrics();

  /**
   * Figures of one cache.
   *
   * @throws IllegalArgumentException if no cache of this name is open
   */
  CacheMetrics cacheMetrics(String cache);

  /**
   * Figures of a node.
   *
   * @param origin the random id of this start of the node
   * @param epoch of the log that it follows, as text
   * @param position of the log that it has applied; -1 without a memory
   * @param appliedEvents events of this epoch that are applied
   * @param lagEvents how many events stood in the log and were not applied here when its last
   *     heartbeat was appended; one a second
   * @param lagMillis how long that heartbeat took to be read back, or has been under way; the time
   *     since the log went away, if it is away
   * @param duplicateEvents skipped because they were applied before: repetitions, after failures
   * @param beyondNextEvents skipped because events before them were missing: they come again
   * @param otherEpochEvents skipped because they belong to another epoch
   * @param refusedRecords records of the log that were none of Warren's, or damaged
   * @param resynchronisations how often the node got its memory anew, without the first time
   * @param lastCause why, the last time; empty if never
   * @param lastTook how long it took, the last time; zero if never
   * @param outboxEvents own events that are on their way to the log
   * @param outboxBytes bytes of the outbox's room that they take
   */
  record MemberMetrics(
      String origin,
      String epoch,
      long position,
      long appliedEvents,
      long lagEvents,
      long lagMillis,
      long duplicateEvents,
      long beyondNextEvents,
      long otherEpochEvents,
      long refusedRecords,
      long resynchronisations,
      String lastCause,
      Duration lastTook,
      int outboxEvents,
      long outboxBytes) {

    /** Of a manager without a log. */
    public static final MemberMetrics NONE =
        new MemberMetrics("", "", -1, 0, 0, 0, 0, 0, 0, 0, 0, "", Duration.ZERO, 0, 0);
  }

  /**
   * Figures of a cache.
   *
   * @param shared whether it follows the log
   * @param ready whether this node holds everything the cluster holds of it
   * @param position of the log that is applied to it; -1 for local caches
   * @param entries in this node's memory, expired ones that are not yet removed included
   * @param undecodable keys and values that could not be decoded here
   */
  record CacheMetrics(
      boolean shared, boolean ready, long position, long entries, long undecodable) {}
}
