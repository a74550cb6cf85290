// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.management.CacheStatistics;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store;
import java.io.Closeable;
import javax.cache.configuration.CompleteConfiguration;
import org.jspecify.annotations.Nullable;

/** Opens the memory of a cache: on this heap only, or one that is replicated. */
interface StoreFactory {

  <K, V> Opened<K, V> open(Request<K, V> request);

  /**
   * What a store may need.
   *
   * @param lifecycle of the cache, which the cluster may refuse
   * @param timers where entries wait for their expiry; null if none ever expires
   * @param events where changes that come from elsewhere are published
   */
  record Request<K, V>(
      String name,
      CompleteConfiguration<K, V> configuration,
      KeyLocks<K> locks,
      EventPort<K, V> events,
      CacheStatistics statistics,
      Copier copier,
      Lifecycle lifecycle,
      HeapStore.@Nullable Timers timers) {}

  /**
   * An open store.
   *
   * @param closeable run when the cache is closed, after its last operation
   */
  record Opened<K, V>(Store<K, V> store, ClusterView cluster, Closeable closeable) {}
}
