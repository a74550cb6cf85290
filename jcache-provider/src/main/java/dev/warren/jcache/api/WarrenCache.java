// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.time.Duration;
import javax.cache.Cache;

/**
 * What a Warren cache offers beyond JCache; by {@code cache.unwrap(WarrenCache.class)}.
 * Thread-safe.
 */
public interface WarrenCache<K, V> extends Cache<K, V> {

  /** True when this node holds everything the cluster holds; always true for local caches. */
  boolean isReady();

  /**
   * Waits until {@link #isReady}.
   *
   * @throws javax.cache.CacheException after {@code timeout}, saying what the node waits for
   */
  void awaitReady(Duration timeout);

  /**
   * Waits until every write that this node has made so far stands in the log and is applied here.
   *
   * @throws javax.cache.CacheException after {@code timeout}: the outcome of those writes is
   *     unknown
   */
  void barrier(Duration timeout);

  /** Whence this node's memory came when it last became ready. */
  Recovery recovery();

  /**
   * How many keys and values of the cluster could not be decoded on this node (class missing or not
   * allowed, damaged bytes) and are treated as absent here, since the cache was opened; values
   * count when they are first asked for. The first is also logged ({@code WRN-0501}). 0 for local
   * caches.
   */
  long undecodable();

  /** Number of entries in this node's memory, expired ones that are not yet removed included. */
  long size();
}
