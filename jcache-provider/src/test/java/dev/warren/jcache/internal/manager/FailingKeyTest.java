// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.sync.memory.MemoryBroker;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key whose hashCode throws on one node costs that node this key and nothing else. */
class FailingKeyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "k" + UUID.randomUUID();
  private final MemoryBroker broker = MemoryBroker.named("/" + cluster);
  private final List<WarrenCachingProvider> providers = new ArrayList<>();

  /** One node: a cache with keys that may fail, and one with others. */
  private record Node(Cache<Trap, String> failing, Cache<String, String> other) {}

  private Node node() {
    WarrenCachingProvider provider = new WarrenCachingProvider();
    providers.add(provider);
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", "memory:");
    settings.setProperty("warren.epoch-grace", "20ms");
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), provider.getDefaultClassLoader(), settings);
    Node node =
        new Node(
            manager.createCache(
                "failing",
                new MutableConfiguration<Trap, String>().setTypes(Trap.class, String.class)),
            manager.createCache(
                "other",
                new MutableConfiguration<String, String>().setTypes(String.class, String.class)));
    warren(node.other).awaitReady(PATIENCE);
    return node;
  }

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  private static <K> WarrenCache<K, String> warren(Cache<K, String> cache) {
    return cache.unwrap(WarrenCache.class);
  }

  private Set<Thread> appliers() {
    Set<Thread> found = ConcurrentHashMap.newKeySet();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("warren-applier-" + cluster))
        .forEach(found::add);
    return found;
  }

  @AfterEach
  void closeAll() {
    Trap.appliers = null;
    providers.forEach(WarrenCachingProvider::close);
  }

  @Test
  void apply_keyFails_theRestOfTheBatchIsApplied() {
    Node one = node();
    Set<Thread> sound = appliers();
    Node two = node();
    Trap.spare(sound, cluster);

    broker.setUp(false); // what is written meanwhile goes as one batch
    one.failing.put(new Trap("k"), "v");
    one.other.put("k", "v");
    broker.setUp(true);

    await().atMost(PATIENCE).until(() -> "v".equals(two.other.get("k")));
    assertThat(warren(two.failing).undecodable()).isPositive();
    assertThat(warren(two.other).undecodable()).isZero();
    warren(two.other).awaitReady(PATIENCE);
    two.other.put("back", "v");
    await().atMost(PATIENCE).until(() -> "v".equals(one.other.get("back")));
    assertThat(one.failing.get(new Trap("k"))).isEqualTo("v");
    assertThat(warren(one.failing).undecodable()).isZero();
  }

  @Test
  void recover_keyFails_theNodeBecomesReadyWithTheRest() {
    Node one = node();
    one.failing.put(new Trap("k"), "v");
    one.other.put("k", "v");
    warren(one.other).barrier(PATIENCE);
    Trap.spare(appliers(), cluster);

    Node two = node();

    assertThat(two.other.get("k")).isEqualTo("v");
    assertThat(warren(two.failing).undecodable()).isPositive();
  }

  /** A key whose hash fails on all appliers of a cluster but some. */
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1L;
    static volatile @Nullable Set<Thread> appliers;
    static volatile String cluster = "";
    private final String name;

    Trap(String name) {
      this.name = name;
    }

    static void spare(Set<Thread> sound, String ofCluster) {
      cluster = ofCluster;
      appliers = sound;
    }

    @Override
    public int hashCode() {
      Thread thread = Thread.currentThread();
      Set<Thread> sound = appliers;
      if (sound != null
          && thread.getName().equals("warren-applier-" + cluster)
          && !sound.contains(thread)) {
        throw new AssertionError("no hash for you");
      }
      return name.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Trap trap && trap.name.equals(name);
    }
  }
}
