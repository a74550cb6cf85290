// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.cache.CacheParts;
import dev.warren.jcache.internal.cache.CacheSettings;
import dev.warren.jcache.internal.cache.WarrenJCache;
import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.copy.KryoCopy;
import dev.warren.jcache.internal.event.EventDispatcher;
import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.TypeCheck;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.management.CacheBeans;
import dev.warren.jcache.internal.management.CacheStatistics;
import dev.warren.jcache.internal.management.NodeBeans;
import dev.warren.jcache.internal.operation.CacheContext;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.operation.ExpirySweep;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.KeyLocks;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.cache.CacheException;
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
  private final Sweeper sweeper;
  private final @Nullable NodeBeans nodeBeans;
  private final List<Closeable> closeables = new ArrayList<>();
  private final List<Closeable> made = new ArrayList<>();

  CacheAssembly(
      CacheManager manager,
      String name,
      CacheSettings<K, V> settings,
      InstantSource clock,
      Sweeper sweeper,
      @Nullable NodeBeans nodeBeans) {
    this.manager = manager;
    this.name = name;
    this.settings = settings;
    this.clock = clock;
    this.sweeper = sweeper;
    this.nodeBeans = nodeBeans;
  }

  /**
   * Makes the user's objects from their factories and wires them.
   *
   * @throws CacheException if anything fails; what was made before is closed, nothing is left
   */
  WarrenJCache<K, V> assemble(StoreFactory stores, Consumer<WarrenJCache<?, ?>> onClosed) {
    try {
      return wire(stores, onClosed);
    } catch (Throwable e) {
      undo(e);
      if (e instanceof Error error) {
        throw error;
      }
      throw e instanceof CacheException refused
          ? refused
          : new CacheException("cache \"" + name + "\" cannot be created: " + e, e);
    }
  }

  /** Closes what was made, last first; what fails in this does not hide {@code cause}. */
  private void undo(Throwable cause) {
    for (int i = made.size() - 1; i >= 0; i--) {
      try {
        made.get(i).close();
      } catch (IOException | RuntimeException secondary) {
        cause.addSuppressed(secondary);
      }
    }
  }

  private WarrenJCache<K, V> wire(StoreFactory stores, Consumer<WarrenJCache<?, ?>> onClosed) {
    CompleteConfiguration<K, V> configuration = settings.snapshot();
    Copier copier = copier(configuration);
    TypeCheck check = new TypeCheck(name, configuration.getKeyType(), configuration.getValueType());
    CacheStatistics statistics = new CacheStatistics();
    KeyLocks<K> locks = new KeyLocks<>(name);
    ExpiryTimes expiry =
        keep(new ExpiryTimes(create("expiry policy", configuration.getExpiryPolicyFactory())));
    Loading<K, V> loading = loading(configuration, copier, check);
    Writing<K, V> writing = writing(configuration);
    EventDispatcher<K, V> events = new EventDispatcher<>(name, copier);
    made.add(() -> events.close(0, CacheAssembly::closeAfterFailure));
    settings
        .listeners()
        .forEach(listener -> events.register(listener, CacheAssembly::closeAfterFailure));
    Lifecycle lifecycle = new Lifecycle("cache \"" + name + '"');
    StoreFactory.Opened<K, V> opened =
        stores.open(
            new StoreFactory.Request<>(
                name,
                configuration,
                locks,
                events,
                statistics,
                copier,
                lifecycle,
                expiry.canExpire() ? new HeapStore.Timers(clock, sweeper::wake) : null));
    keep(opened.closeable());
    CacheContext<K, V> context =
        new CacheContext<>(
            lifecycle,
            opened.store(),
            locks,
            expiry,
            clock,
            copier,
            check,
            loading,
            configuration.isReadThrough(),
            writing,
            events,
            statistics);
    if (expiry.canExpire()) {
      keep(sweeper.add(new ExpirySweep<>(context)));
    }
    CacheBeans beans =
        new CacheBeans(
            manager.getURI().toString(),
            name,
            statistics,
            configuration,
            opened.cluster() == ClusterView.LOCAL ? null : nodeBeans);
    made.add(beans::close);
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
        ? new KryoCopy(manager.getClassLoader())
        : Copier.BY_REFERENCE;
  }

  private @Nullable Loading<K, V> loading(
      CompleteConfiguration<K, V> configuration, Copier copier, TypeCheck check) {
    Factory<CacheLoader<K, V>> factory = configuration.getCacheLoaderFactory();
    return factory == null
        ? null
        : keep(new Loading<>(create("cache loader", factory), copier, check));
  }

  private @Nullable Writing<K, V> writing(CompleteConfiguration<K, V> configuration) {
    Factory<CacheWriter<? super K, ? super V>> factory = configuration.getCacheWriterFactory();
    return factory == null || !configuration.isWriteThrough()
        ? null
        : keep(new Writing<K, V>(create("cache writer", factory)));
  }

  private static <T> T create(String what, Factory<T> factory) {
    T object = factory.create();
    if (object == null) {
      throw new CacheException("the factory of the " + what + " must make one, but made null");
    }
    return object;
  }

  /** Keeps what the cache closes at its end, and what goes at once if the assembly fails. */
  private <C extends Closeable> C keep(C closeable) {
    closeables.add(closeable);
    made.add(closeable);
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
