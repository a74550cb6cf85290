// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * The two caches that the nodes share, as one node sees them.
 *
 * @param health what the node says of itself, for people
 * @param closing closes both caches and leaves the cluster
 */
public record NodeCaches(
    WarrenCache<String, ZoneTransition> zones,
    WarrenCache<String, String> names,
    WarrenHealth health,
    Runnable closing)
    implements AutoCloseable {

  /**
   * Opens the caches through plain JCache, as an application would. With a log they are replicated,
   * and with a database they are kept there: nothing else needs to be set.
   */
  static NodeCaches open(String cluster, String log, String persistence) {
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", log);
    settings.setProperty("warren.persistence", persistence);
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), NodeCaches.class.getClassLoader(), settings);
    return new NodeCaches(
        cache(manager, "zones", ZoneTransition.class),
        cache(manager, "names", String.class),
        manager.unwrap(WarrenHealth.class),
        manager::close);
  }

  private static <V> WarrenCache<String, V> cache(
      CacheManager manager, String name, Class<V> valueType) {
    Cache<String, V> cache =
        manager.createCache(
            name,
            new MutableConfiguration<String, V>()
                .setTypes(String.class, valueType)
                .setStatisticsEnabled(true));
    @SuppressWarnings("unchecked") // the cache was just created with these types
    WarrenCache<String, V> warren = cache.unwrap(WarrenCache.class);
    return warren;
  }

  @Override
  public void close() {
    closing.run();
  }
}
