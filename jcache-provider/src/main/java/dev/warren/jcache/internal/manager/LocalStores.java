// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.store.Bound;
import dev.warren.jcache.internal.store.HeapStore;
import java.util.function.ToLongFunction;

/**
 * Opens stores on this heap alone.
 *
 * @param maxEntries the bound of a cache, by name; 0 for none
 */
record LocalStores(ToLongFunction<String> maxEntries) implements StoreFactory {

  @Override
  public <K, V> Opened<K, V> open(Request<K, V> request) {
    long bound = maxEntries.applyAsLong(request.name());
    HeapStore<K, V> store =
        bound == 0
            ? HeapStore.unbounded(request.timers())
            : HeapStore.bounded(
                new Bound.Entries<>(bound), request.timers(), request.statistics()::evicted);
    return new Opened<>(store, ClusterView.LOCAL, () -> {});
  }
}
