// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * The nodes of one cluster in this JVM, opened as users open theirs: each is a manager with a URI
 * of its own.
 */
final class Nodes implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String cluster = "it-" + UUID.randomUUID();
  private final List<Node> opened = new ArrayList<>();

  /** A node with one cache of texts. */
  static final class Node {
    final CacheManager manager;
    final Cache<String, Object> cache;

    private Node(CacheManager manager) {
      this.manager = manager;
      this.cache =
          manager.createCache(
              "c", new MutableConfiguration<String, Object>().setTypes(String.class, Object.class));
    }

    /** Another cache that is open. */
    Cache<String, Object> cache(String name) {
      return manager.getCache(name, String.class, Object.class);
    }

    WarrenHealth health() {
      return manager.unwrap(WarrenHealth.class);
    }

    @SuppressWarnings("unchecked") // of the same types as the cache itself
    WarrenCache<String, Object> warren() {
      return cache.unwrap(WarrenCache.class);
    }

    Node ready() {
      warren().awaitReady(PATIENCE);
      return this;
    }

    void awaitState(WarrenHealth.State wanted) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(health().state()).as(health().reason()).isEqualTo(wanted));
    }

    void awaitValue(String key, Object value) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(cache.get(key)).as(key).isEqualTo(value));
    }
  }

  String cluster() {
    return cluster;
  }

  /** Opens a node; {@code more} are further settings, each key followed by its value. */
  Node open(String log, String... more) {
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager =
        provider.getCacheManager(
            URI.create("warren:" + UUID.randomUUID()),
            provider.getDefaultClassLoader(),
            settings(log, more));
    Node node = new Node(manager);
    opened.add(node);
    return node;
  }

  Properties settings(String log, String... more) {
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", log);
    settings.setProperty("warren.epoch-grace", "100ms");
    settings.setProperty("warren.close-timeout", "5s");
    for (int i = 0; i < more.length; i += 2) {
      settings.setProperty(more[i], more[i + 1]);
    }
    return settings;
  }

  /** Names of the living threads that belong to this cluster. */
  List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.contains(cluster))
        .sorted()
        .toList();
  }

  /** The node does all a local cache does, says that it is degraded, and why. */
  static void assertServesDegraded(Node node, String why) {
    node.cache.put("k", "1");
    assertThat(node.cache.get("k")).isEqualTo("1");
    assertThat(node.cache.replace("k", "1", "2")).isTrue();
    node.cache.put("gone", "x");
    assertThat(node.cache.remove("gone")).isTrue();
    assertThat(node.cache).hasSize(1);
    node.awaitState(WarrenHealth.State.DEGRADED);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(node.health().reason()).contains(why));
    assertThat(node.warren().isReady()).isFalse();
    assertThatThrownBy(() -> node.warren().awaitReady(Duration.ofMillis(10)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(node.health().reason());
  }

  /** After the fault: what was written meanwhile is on the other node, and the other way round. */
  static void assertHealed(Node node, Node other) {
    node.awaitState(WarrenHealth.State.READY);
    assertThat(node.health().reason()).isEmpty();
    other.ready();
    other.awaitValue("k", "2");
    assertThat(other.cache.containsKey("gone")).isFalse();
    other.cache.put("back", "3");
    node.awaitValue("back", "3");
  }

  @Override
  public void close() {
    opened.forEach(node -> node.manager.close());
    await("its threads end").atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
  }
}
