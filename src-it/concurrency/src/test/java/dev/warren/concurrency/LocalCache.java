// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import dev.warren.concurrency.Model.Life;
import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.jcache.internal.manager.WarrenCacheManager;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheWriter;

/**
 * A cache without threads, whose time moves when it is told to.
 *
 * <p>Each has a manager of its own, and none is ever closed: Lincheck abandons threads in the
 * middle of an operation, for which closing would wait for ever.
 */
final class LocalCache {
  private static final WarrenCachingProvider PROVIDER = new WarrenCachingProvider();
  private static final URI MANAGER = URI.create("warren:concurrency");
  private static final Duration LIFE = new Duration(TimeUnit.MILLISECONDS, Model.LIFE_MILLIS);

  private final AtomicLong nowMillis = new AtomicLong();
  private final Sweeper sweeper = new Sweeper(task -> {});
  private final MutableConfiguration<Integer, Integer> configuration;

  private LocalCache(MutableConfiguration<Integer, Integer> configuration) {
    // Integers are not copied anyway.
    this.configuration = configuration.setStoreByValue(false);
  }

  static LocalCache unbounded() {
    return new LocalCache(new MutableConfiguration<>());
  }

  static LocalCache bounded(long maxEntries) {
    return new LocalCache(new WarrenConfiguration<Integer, Integer>().setMaxEntries(maxEntries));
  }

  LocalCache expiring(Life life) {
    configuration.setExpiryPolicyFactory(
        switch (life) {
          case ETERNAL -> EternalExpiryPolicy.factoryOf();
          case CREATED -> CreatedExpiryPolicy.factoryOf(LIFE);
          case TOUCHED -> TouchedExpiryPolicy.factoryOf(LIFE);
        });
    return this;
  }

  LocalCache writingThrough() {
    configuration.setWriteThrough(true).setCacheWriterFactory(Nowhere::new);
    return this;
  }

  Cache<Integer, Integer> make() {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMillis.get());
    return new WarrenCacheManager(
            new WarrenCacheManager.Identity(
                PROVIDER, MANAGER, LocalCache.class.getClassLoader(), new Properties()),
            clock,
            sweeper,
            closed -> {})
        .createCache("c", configuration);
  }

  void advance(long millis) {
    nowMillis.addAndGet(millis);
  }

  /** Takes out all that has expired and whose key is free. */
  void sweep() {
    sweeper.sweep();
  }

  /** Writes nothing. */
  private static final class Nowhere implements CacheWriter<Integer, Integer> {
    @Override
    public void write(Cache.Entry<? extends Integer, ? extends Integer> entry) {}

    @Override
    public void writeAll(Collection<Cache.Entry<? extends Integer, ? extends Integer>> entries) {
      entries.clear();
    }

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.clear();
    }
  }
}
