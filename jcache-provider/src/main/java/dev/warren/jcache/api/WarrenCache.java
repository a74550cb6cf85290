// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.time.Duration;
import java.util.List;
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

  /**
   * The log's position that this node has applied: what stands in the log at or below it has been
   * taken in here. Positions rise within an epoch, with gaps, also when nobody writes, and begin
   * anew with the next epoch. -1 without a memory, and for local caches.
   */
  long position();

  /**
   * The members of the cluster, those that joined first first; empty while this node has no memory,
   * and for local caches.
   */
  List<ClusterMember> members();

  /**
   * Figures of the log state at this node's present position, by which nodes are compared. Copies
   * references to all entries on the node's applier and hashes them on the calling thread. {@link
   * Digest#NONE} for local caches.
   *
   * @throws javax.cache.CacheException if the applier does not come to it within {@code timeout}
   */
  Digest digest(Duration timeout);

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
