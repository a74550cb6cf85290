// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.WarrenCachingProvider;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit that Micrometer's cache metrics are tested with, on a manager of the default URI. */
class WarrenMetricsTest extends CacheMeterBinderCompatibilityKit<Cache<String, String>> {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  private final CacheManager manager =
      Caching.getCachingProvider(WarrenCachingProvider.class.getName()).getCacheManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Override
  public Cache<String, String> createCache() {
    return manager.createCache("mycache", statistics());
  }

  @Override
  public void dereferenceCache() {
    manager.destroyCache("mycache");
    super.dereferenceCache();
  }

  @Override
  public CacheMeterBinder<Cache<String, String>> binder() {
    return new JCacheMetrics<>(cache, Tags.empty());
  }

  @Override
  public void put(String key, String value) {
    cache.put(key, value);
  }

  @Override
  public @Nullable String get(String key) {
    return cache.get(key);
  }

  @Test
  void meters_removalsAndLoads_countAsJCacheSays() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Cache<String, String> other = manager.createCache("orders of 2026", statistics());
    JCacheMetrics.monitor(registry, other, "team", "blue");
    other.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    other.getAll(Set.of("a", "b", "x"));
    other.remove("a");
    other.remove("x");
    assertThat(count(registry, "cache.puts")).isEqualTo(3);
    assertThat(registry.get("cache.gets").tag("result", "hit").functionCounter().count())
        .isEqualTo(2);
    assertThat(registry.get("cache.gets").tag("result", "miss").functionCounter().count())
        .isEqualTo(1);
    assertThat(count(registry, "cache.evictions")).isZero();
    assertThat(registry.get("cache.removals").tag("team", "blue").gauge().value()).isEqualTo(1);
  }

  /** The names in JMX tell managers of different URIs apart. */
  @Test
  void meters_managerOfAnotherUri_areItsOwn() {
    try (CacheManager tenant =
        Caching.getCachingProvider(WarrenCachingProvider.class.getName())
            .getCacheManager(URI.create("warren:tenant-7/eu"), null)) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      Cache<String, String> other = tenant.createCache("mycache", statistics());
      JCacheMetrics.monitor(registry, other);
      other.put("k", "v");
      assertThat(count(registry, "cache.puts")).isEqualTo(1);
    }
  }

  private static double count(SimpleMeterRegistry registry, String name) {
    return registry.get(name).functionCounter().count();
  }

  private static MutableConfiguration<String, String> statistics() {
    return new MutableConfiguration<String, String>()
        .setTypes(String.class, String.class)
        .setStatisticsEnabled(true);
  }
}
