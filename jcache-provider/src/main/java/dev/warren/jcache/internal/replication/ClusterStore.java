// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.Store;
import dev.warren.sync.Bytes;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a cache that follows the log. What this interface adds is called on the applier
 * thread, runs no user code but keys' own methods, and never blocks.
 */
interface ClusterStore<K, V> extends Store<K, V> {

  /**
   * Another memory took the place of the node's: a snapshot, the base of an epoch, or nothing.
   *
   * @param state of this cache; null if the log holds nothing of it
   * @param position up to which the log is applied in it
   */
  void install(@Nullable CacheState state, long position);

  /** An event of this cache was applied; {@code own} if this node is its author. */
  void applied(Applied applied, boolean own);

  /** The cluster does not take part in this cache: nothing is shown any more. */
  void refused();

  /** See {@link Evictions#makeRoom}. */
  void makeRoom(int rank);

  /**
   * Expiry time of {@code entry} as readers see it here: later than the log's if this node has not
   * told a touch yet.
   */
  long shownExpiryMillis(Bytes keyBytes, LogEntry entry);

  /** Values and keys that could not be decoded; any thread. */
  long undecodable();
}
