// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.sync.memory.MemoryBroker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;

/** Nodes of one cluster in this JVM, each with a provider of its own; their log is in memory. */
final class MemoryCluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final String name = "c" + UUID.randomUUID();

  /** It lives as long as somebody refers to it. */
  final MemoryBroker broker = MemoryBroker.named("/" + name);

  private final List<String> settings;
  private final List<WarrenCachingProvider> providers = new ArrayList<>();

  /**
   * @param settings of all nodes, each key followed by its value
   */
  MemoryCluster(String... settings) {
    this.settings = List.of(settings);
  }

  /** A node of its own, with a URI of its own; {@code more} takes precedence. */
  WarrenCacheManager node(String... more) {
    WarrenCachingProvider provider = new WarrenCachingProvider();
    providers.add(provider);
    Properties own = new Properties();
    own.setProperty("warren.cluster", name);
    own.setProperty("warren.log", "memory:");
    set(own, settings);
    set(own, List.of(more));
    URI uri = URI.create("warren:" + name + "-" + providers.size());
    return (WarrenCacheManager)
        provider.getCacheManager(uri, provider.getDefaultClassLoader(), own);
  }

  private static void set(Properties properties, List<String> pairs) {
    for (int i = 0; i < pairs.size(); i += 2) {
      properties.setProperty(pairs.get(i), pairs.get(i + 1));
    }
  }

  /** Ends the node that was made as the {@code number}th, from 0. */
  void closeNode(int number) {
    providers.get(number).close();
  }

  static MutableConfiguration<String, String> texts() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  /** A new cache "c" that holds what the cluster's does. */
  static <K, V> WarrenCache<K, V> ready(
      CacheManager node, CompleteConfiguration<K, V> configuration) {
    WarrenCache<K, V> cache = warren(node.createCache("c", configuration));
    cache.awaitReady(PATIENCE);
    return cache;
  }

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  static <K, V> WarrenCache<K, V> warren(Cache<K, V> cache) {
    return cache.unwrap(WarrenCache.class);
  }

  @Override
  public void close() {
    providers.forEach(WarrenCachingProvider::close);
  }
}
