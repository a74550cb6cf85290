// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.internal.event.EventDispatcher;
import dev.warren.jcache.internal.management.CacheBeans;
import dev.warren.jcache.internal.management.CacheStatistics;
import dev.warren.jcache.internal.operation.CacheContext;
import dev.warren.jcache.internal.operation.ClusterView;
import java.io.Closeable;
import java.util.List;
import java.util.function.Consumer;
import javax.cache.CacheManager;

/**
 * What a cache is put together from.
 *
 * @param closeables closed last, in this order: the user's objects, then the store if it needs it
 * @param onClosed told the cache once it is closed; the manager forgets it there
 */
public record CacheParts<K, V>(
    String name,
    CacheManager manager,
    CacheSettings<K, V> settings,
    CacheContext<K, V> context,
    EventDispatcher<K, V> events,
    CacheStatistics statistics,
    CacheBeans beans,
    ClusterView cluster,
    List<Closeable> closeables,
    Consumer<WarrenJCache<?, ?>> onClosed) {}
