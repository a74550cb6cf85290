// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.time.Duration;

/** The state of a manager's node; by {@code cacheManager.unwrap(WarrenHealth.class)}. */
public interface WarrenHealth {

  /** What the node can do now. */
  enum State {
    /** No log is configured. */
    LOCAL,
    /** Connecting or recovering for the first time. */
    STARTING,
    READY,
    /** Serves from its memory; the broker or MongoDB is away: see {@link #reason}. */
    DEGRADED,
    CLOSED
  }

  State state();

  /**
   * How many records of the log were none of Warren's, or damaged, and were left out, since the
   * manager was opened. The first is also logged ({@code WRN-0201}). 0 without a log.
   */
  long refusedRecords();

  /** Why the node is degraded or not ready, without passwords; empty if it is neither. */
  String reason();

  /**
   * Waits until MongoDB's copy covers everything that this node has written and applied so far.
   *
   * @throws javax.cache.CacheException after {@code timeout}, or if there is no {@code
   *     warren.persistence}
   */
  void awaitPersisted(Duration timeout);
}
