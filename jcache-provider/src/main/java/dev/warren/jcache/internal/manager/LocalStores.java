// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.api.Weigher;
import dev.warren.jcache.config.CacheSettings;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.store.Bound;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.Weighing;
import java.io.Closeable;
import java.util.Objects;
import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;

/**
 * Opens stores on this heap alone. A bound that the code sets stands instead of the configured one.
 *
 * @param settings of a cache, by name
 * @param loader of the weighers that the configuration names
 */
record LocalStores(Function<String, CacheSettings> settings, ClassLoader loader)
    implements StoreFactory {

  /**
   * Memory on this heap.
   *
   * @param closeable run when the cache is closed
   */
  record Heap<K, V>(HeapStore<K, V> store, Closeable closeable) {}

  @Override
  public <K, V> Opened<K, V> open(Request<K, V> request) {
    Heap<K, V> heap = heap(request);
    return new Opened<>(heap.store(), ClusterView.LOCAL, heap.closeable());
  }

  /** The memory of a cache, bounded as its settings say. */
  <K, V> Heap<K, V> heap(Request<K, V> request) {
    WarrenConfiguration<K, V> code = boundOf(request);
    CacheSettings configured = settings.apply(request.name());
    if (code != null) {
      Factory<? extends Weigher<? super K, ? super V>> factory = code.getWeigherFactory();
      return factory == null
          ? bounded(request, new Bound.Entries<>(code.getMaxEntries()))
          : weighed(request, code.getMaxWeight(), made(request, factory));
    }
    String weigher = configured.weigher();
    if (weigher != null) {
      return weighed(request, configured.maxWeight(), named(request, weigher));
    }
    return configured.maxEntries() == 0
        ? heap(HeapStore.unbounded(request.timers(), request.locks()::isInUse))
        : bounded(request, new Bound.Entries<>(configured.maxEntries()));
  }

  /** What the code says, if it sets a bound; else null. */
  static <K, V> @Nullable WarrenConfiguration<K, V> boundOf(Request<K, V> request) {
    return request.configuration() instanceof WarrenConfiguration<K, V> code
            && code.getMaxEntries() + code.getMaxWeight() > 0
        ? code
        : null;
  }

  private static <K, V> Heap<K, V> weighed(
      Request<K, V> request, long max, Weigher<? super K, ? super V> weigher) {
    Weighing<K, V> weighing = new Weighing<>(request.name(), weigher, request.copier());
    return new Heap<>(bounded(request, new Bound.Weight<>(max, weighing)).store(), weighing);
  }

  private static <K, V> Heap<K, V> bounded(Request<K, V> request, Bound<K, V> bound) {
    return heap(HeapStore.bounded(bound, request.timers(), request.statistics()::evicted));
  }

  private static <K, V> Heap<K, V> heap(HeapStore<K, V> store) {
    return new Heap<>(store, () -> {});
  }

  private static <K, V> Weigher<? super K, ? super V> made(
      Request<K, V> request, Factory<? extends Weigher<? super K, ? super V>> factory) {
    Weigher<? super K, ? super V> weigher = factory.create();
    if (weigher == null) {
      throw new CacheException(
          "the weigher factory of cache \""
              + request.name()
              + "\" must make a weigher, but made null: correct it");
    }
    return weigher;
  }

  @SuppressWarnings("unchecked") // of the cache's types, as the configuration promises
  private <K, V> Weigher<? super K, ? super V> named(Request<K, V> request, String name) {
    try {
      Object made = Class.forName(name, true, loader).getConstructor().newInstance();
      return (Weigher<? super K, ? super V>) Weigher.class.cast(Objects.requireNonNull(made));
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new CacheException(
          "weigher must name a public class with a public constructor without parameters that"
              + " implements "
              + Weigher.class.getName()
              + ", but for cache \""
              + request.name()
              + "\" is "
              + name
              + " ("
              + e
              + "): correct the name or the class",
          e);
    }
  }
}
