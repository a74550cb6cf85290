// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/** Nodes in this JVM with an invalidation cache that reads and writes through to one store. */
final class ReadThroughNodes {
  final Map<String, Integer> store = new ConcurrentHashMap<>();
  final AtomicInteger loads = new AtomicInteger();
  private final Nodes nodes;

  ReadThroughNodes(Nodes nodes) {
    this.nodes = nodes;
  }

  /** One of them. */
  final class Node {
    final CacheManager manager;
    final Cache<String, Integer> cache;

    private Node(CacheManager manager) {
      this.manager = manager;
      cache =
          manager.createCache(
              "through",
              new MutableConfiguration<String, Integer>()
                  .setTypes(String.class, Integer.class)
                  .setReadThrough(true)
                  .setWriteThrough(true)
                  .setCacheLoaderFactory(Loader::new)
                  .setCacheWriterFactory(Writer::new));
    }

    WarrenCache<?, ?> warren() {
      return cache.unwrap(WarrenCache.class);
    }

    void awaitReady() {
      await()
          .atMost(Nodes.PATIENCE)
          .until(() -> manager.unwrap(WarrenHealth.class).state() == WarrenHealth.State.READY);
    }

    void awaitValue(String key, int value) {
      await()
          .atMost(Nodes.PATIENCE)
          .untilAsserted(() -> assertThat(cache.get(key)).as(key).isEqualTo(value));
    }
  }

  /** Opens one, and waits until it is ready. */
  Node open(String log) {
    Node node =
        new Node(
            nodes
                .open(
                    log,
                    "warren.caches.0.name",
                    "through",
                    "warren.caches.0.mode",
                    "invalidation",
                    "warren.transport.heartbeat",
                    "1s",
                    "warren.transport.connect-timeout",
                    "3s")
                .ready()
                .manager);
    return node;
  }

  private final class Loader implements CacheLoader<String, Integer> {
    @Override
    public @Nullable Integer load(String key) {
      loads.incrementAndGet();
      return store.get(key);
    }

    @Override
    public Map<String, Integer> loadAll(Iterable<? extends String> keys) {
      Map<String, Integer> found = new HashMap<>();
      for (String key : keys) {
        Integer value = load(key);
        if (value != null) {
          found.put(key, value);
        }
      }
      return found;
    }
  }

  private final class Writer implements CacheWriter<String, Integer> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends Integer> entry) {
      store.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends Integer>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      store.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }
}
