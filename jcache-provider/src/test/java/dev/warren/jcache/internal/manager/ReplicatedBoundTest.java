// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static dev.warren.jcache.internal.manager.MemoryCluster.warren;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenConfiguration;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A bound on a replicated cache: what is too much leaves all nodes, the same entries everywhere.
 */
class ReplicatedBoundTest {

  private static final Duration WRITES = Duration.ofSeconds(5);
  private static final int MAX = 100;

  private final MemoryCluster cluster = new MemoryCluster("warren.defaults.mode", "replicated");

  @AfterEach
  void close() {
    cluster.close();
  }

  private WarrenCacheManager node() {
    return cluster.node();
  }

  private static WarrenCache<Integer, Integer> open(CacheManager manager) {
    return MemoryCluster.ready(
        manager,
        new WarrenConfiguration<Integer, Integer>()
            .setMaxEntries(MAX)
            .setTypes(Integer.class, Integer.class)
            .setStatisticsEnabled(true));
  }

  private static Set<Integer> keys(Cache<Integer, Integer> cache) {
    Set<Integer> found = new HashSet<>();
    cache.forEach(entry -> found.add(entry.getKey()));
    return found;
  }

  private static void awaitBound(List<Cache<Integer, Integer>> caches) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Set<Integer> keys = keys(caches.get(0));
              assertThat(keys).hasSize(MAX);
              assertThat(caches).allSatisfy(cache -> assertThat(keys(cache)).isEqualTo(keys));
            });
  }

  /** Of all nodes; the beans of other tests are gone with their managers. */
  private static long evictions() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    long sum = 0;
    for (ObjectName bean :
        server.queryNames(new ObjectName("javax.cache:type=CacheStatistics,Cache=c,*"), null)) {
      sum += (Long) server.getAttribute(bean, "CacheEvictions");
    }
    return sum;
  }

  @Test
  void put_moreThanTheBound_allNodesKeepTheSameAndTellNobody() {
    List<Cache<Integer, Integer>> caches = List.of(open(node()), open(node()), open(node()));
    Recording<Integer, Integer> heard = Recording.of(caches.get(1));
    for (int i = 0; i < 3_000; i++) {
      caches.get(i % 3).put(i, i);
    }
    caches.forEach(cache -> warren(cache).barrier(PATIENCE));
    awaitBound(caches);
    await("each eviction is counted, on the node that decided it")
        .atMost(PATIENCE)
        .until(() -> evictions() == 3_000 - MAX);
    assertThat(heard.events).allMatch(event -> event.startsWith("CREATED"));
  }

  @Test
  void put_keysThatTheKeeperReadsOften_stay() {
    List<Cache<Integer, Integer>> caches = List.of(open(node()), open(node()));
    Cache<Integer, Integer> keeper = caches.get(0);
    for (int i = 0; i < 10; i++) {
      keeper.put(i, i);
    }
    warren(keeper).barrier(PATIENCE);
    // Longer than a turn: above the bound at each look, of the other node too, which reads nothing.
    long end = System.nanoTime() + WRITES.toNanos();
    for (int i = 100; System.nanoTime() < end; i++) {
      caches.get(1).put(i, i);
      for (int hot = 0; hot < 10; hot++) {
        keeper.get(hot);
      }
      if (i % 20 == 0) { // reads count when they are made, writes when the keeper has applied them
        caches.forEach(cache -> warren(cache).barrier(PATIENCE));
      }
    }
    warren(caches.get(1)).barrier(PATIENCE);
    awaitBound(caches);
    assertThat(keys(keeper)).containsAll(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }

  @Test
  void put_firstNodeHasNotOpenedTheCache_theNextMakesRoom() {
    CacheManager first = node();
    warren(
            first.createCache(
                "other",
                new WarrenConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class)))
        .awaitReady(PATIENCE);
    Cache<Integer, Integer> cache = open(node());
    for (int i = 0; i < 500; i++) {
      cache.put(i, i);
    }
    warren(cache).barrier(PATIENCE);
    awaitBound(List.of(cache));
    Cache<Integer, Integer> late =
        first.createCache(
            "c",
            new WarrenConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class));
    assertThat(keys(late)).as("gone from the log state").isEqualTo(keys(cache));
  }

  @Test
  void put_oneNodeLeaves_theOtherGoesOn() {
    CacheManager first = node();
    Cache<Integer, Integer> one = open(first);
    Cache<Integer, Integer> two = open(node());
    for (int i = 0; i < 500; i++) {
      one.put(i, i);
    }
    warren(one).barrier(PATIENCE);
    awaitBound(List.of(one, two));
    first.close();
    for (int i = 500; i < 1_000; i++) {
      two.put(i, i);
    }
    warren(two).barrier(PATIENCE);
    awaitBound(List.of(two));
    two.clear();
    warren(two).barrier(PATIENCE);
    for (int i = 0; i < MAX; i++) {
      two.put(i, i);
    }
    warren(two).barrier(PATIENCE);
    awaitBound(List.of(two));
  }
}
