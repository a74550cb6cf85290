// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.cache.CacheParts;
import dev.warren.jcache.internal.cache.CacheSettings;
import dev.warren.jcache.internal.cache.WarrenJCache;
import dev.warren.jcache.internal.copy.ByValueCopier;
import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.copy.KryoCopy;
import dev.warren.jcache.internal.event.EventDispatcher;
import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.management.CacheBeans;
import dev.warren.jcache.internal.management.CacheStatistics;
import dev.warren.jcache.internal.operation.CacheContext;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Puts one cache together. The one choice that it leaves open is the store: a {@link StoreFactory}
 * is given the locks, the event port and the clock with which the operations will work.
 */
final class CacheAssembly<K, V> {
  private final CacheManager manager;
  private final String name;
  private final CacheSettings<K, V> settings;
  private final InstantSource clock;
  private final List<Closeable> closeables = new ArrayList<>();

  CacheAssembly(
      CacheManager manager, String name, CacheSettings<K, V> settings, InstantSource clock) {
    this.manager = manager;
    this.name = name;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Makes the user's objects from their factories and wires them.
   *
   * @throws RuntimeException what a factory threw; what was made before is closed
   */
  WarrenJCache<K, V> assemble(StoreFactory stores, Consumer<WarrenJCache<?, ?>> onClosed) {
    try {
      return wire(stores, onClosed);
    } catch (RuntimeException e) {
      for (Closeable closeable : closeables) {
        try {
          closeable.close();
        } catch (IOException | RuntimeException secondary) {
          e.addSuppressed(secondary);
        }
      }
      throw e;
    }
  }

  private WarrenJCache<K, V> wire(StoreFactory stores, Consumer<WarrenJCache<?, ?>> onClosed) {
    CompleteConfiguration<K, V> configuration = settings.snapshot();
    Copier copier = copier(configuration);
    CacheStatistics statistics = new CacheStatistics();
    KeyLocks<K> locks = new KeyLocks<>();
    ExpiryTimes expiry = keep(new ExpiryTimes(configuration.getExpiryPolicyFactory().create()));
    Loading<K, V> loading = loading(configuration);
    Writing<K, V> writing = writing(configuration);
    EventDispatcher<K, V> events = new EventDispatcher<>(name, copier);
    closeables.add(() -> events.close(0, CacheAssembly::closeAfterFailure));
    settings.listeners().forEach(events::register);
    StoreFactory.Opened<K, V> opened =
        stores.open(
            new StoreFactory.Request<>(name, configuration, locks, events, statistics, clock));
    closeables.remove(closeables.size() - 1); // the cache closes its listeners itself, and waits
    closeables.add(opened.closeable());
    CacheContext<K, V> context =
        new CacheContext<>(
            new Lifecycle("cache \"" + name + '"'),
            opened.store(),
            locks,
            expiry,
            clock,
            copier,
            loading,
            configuration.isReadThrough(),
            writing,
            events,
            statistics);
    CacheBeans beans =
        new CacheBeans(manager.getURI().toString(), name, statistics, settings::snapshot);
    WarrenJCache<K, V> cache =
        new WarrenJCache<>(
            new CacheParts<>(
                name,
                manager,
                settings,
                context,
                events,
                statistics,
                beans,
                opened.cluster(),
                List.copyOf(closeables),
                onClosed));
    events.source(cache);
    cache.enableStatistics(configuration.isStatisticsEnabled());
    cache.enableManagement(configuration.isManagementEnabled());
    return cache;
  }

  private Copier copier(CompleteConfiguration<K, V> configuration) {
    return configuration.isStoreByValue()
        ? new ByValueCopier(new KryoCopy(manager.getClassLoader()))
        : Copier.BY_REFERENCE;
  }

  private @Nullable Loading<K, V> loading(CompleteConfiguration<K, V> configuration) {
    Factory<CacheLoader<K, V>> factory = configuration.getCacheLoaderFactory();
    return factory == null
        ? null
        : keep(new Loading<>(Objects.requireNonNull(factory.create(), "cache loader")));
  }

  private @Nullable Writing<K, V> writing(CompleteConfiguration<K, V> configuration) {
    Factory<CacheWriter<? super K, ? super V>> factory = configuration.getCacheWriterFactory();
    return factory == null || !configuration.isWriteThrough()
        ? null
        : keep(new Writing<>(Objects.requireNonNull(factory.create(), "cache writer")));
  }

  private <C extends Closeable> C keep(C closeable) {
    closeables.add(closeable);
    return closeable;
  }

  private static void closeAfterFailure(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
