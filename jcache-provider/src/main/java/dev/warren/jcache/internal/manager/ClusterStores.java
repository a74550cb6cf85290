// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.config.CacheSettings;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.jcache.internal.replication.SharedCache;
import dev.warren.sync.codec.ValueCodec;
import java.io.IOException;
import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;

/**
 * Opens the stores of the caches that the configuration shares, and local ones for the rest.
 *
 * @param settings of a cache, by name
 * @param local opens the others, and the memory of invalidation caches
 */
record ClusterStores(
    ClusterNode node, Codecs codecs, Function<String, CacheSettings> settings, LocalStores local)
    implements StoreFactory {

  /** Makes the codec of one cache, which allows its key and value types. */
  @FunctionalInterface
  interface Codecs {
    ValueCodec codecOf(CompleteConfiguration<?, ?> configuration);
  }

  @Override
  public <K, V> Opened<K, V> open(Request<K, V> request) {
    return switch (settings.apply(request.name()).mode()) {
      case LOCAL -> local.open(request);
      case REPLICATED -> replicated(request);
      case INVALIDATION -> invalidated(request);
    };
  }

  /** Each node's memory is its own, with its own bound; only what became invalid is told. */
  private <K, V> Opened<K, V> invalidated(Request<K, V> request) {
    LocalStores.Heap<K, V> heap = local.heap(request);
    ClusterView view = view(request.name());
    try {
      return new Opened<>(
          node.openInvalidated(shared(request, view), heap.store()),
          view,
          () -> {
            node.release(request.name());
            heap.closeable().close();
          });
    } catch (RuntimeException e) {
      try {
        heap.closeable().close();
      } catch (IOException secondary) {
        e.addSuppressed(secondary);
      }
      throw e;
    }
  }

  private <K, V> SharedCache<K, V> shared(Request<K, V> request, ClusterView view) {
    return new SharedCache<>(
        request.name(),
        codecs.codecOf(request.configuration()),
        request.configuration().isStoreByValue(),
        request.events(),
        request.locks(),
        request.lifecycle(),
        view.acknowledges());
  }

  private ClusterView view(String cache) {
    CacheSettings of = settings.apply(cache);
    return node.view(cache, of.writeAck(), of.onDisconnect());
  }

  private <K, V> Opened<K, V> replicated(Request<K, V> request) {
    WarrenConfiguration<K, V> code = LocalStores.boundOf(request);
    if (code != null && code.getMaxWeight() > 0) {
      throw new CacheException(
          "max-weight needs mode = local or invalidation, but cache \""
              + request.name()
              + "\" is replicated: set max-entries, or another mode for it");
    }
    long maxEntries =
        code == null ? settings.apply(request.name()).maxEntries() : code.getMaxEntries();
    ClusterView view = view(request.name());
    String name = request.name();
    return new Opened<>(
        node.open(shared(request, view), maxEntries, request.statistics()::evicted),
        view,
        () -> node.release(name));
  }
}
