// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.sync.memory.MemoryBroker;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries of a replicated cache expire without anybody touching them; time stands still. */
class ReplicatedExpiryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Factory<ExpiryPolicy> TEN_SECONDS = CreatedExpiryPolicy.factoryOf(seconds());

  private final String cluster = "x" + UUID.randomUUID();
  private final AtomicLong nowMillis = new AtomicLong(1_000_000);
  private final List<WarrenCacheManager> managers = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static javax.cache.expiry.Duration seconds() {
    return new javax.cache.expiry.Duration(TimeUnit.SECONDS, 10);
  }

  @AfterEach
  void close() {
    managers.forEach(WarrenCacheManager::close);
    threads.shutdownNow();
  }

  /** A node whose clock goes {@code aheadMillis} ahead; the first one is the keeper. */
  private WarrenCacheManager node(long aheadMillis) {
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", "memory:");
    settings.setProperty("warren.defaults.mode", "replicated");
    WarrenCacheManager manager =
        new WarrenCacheManager(
            new WarrenCacheManager.Identity(
                new WarrenCachingProvider(),
                URI.create("warren:test"),
                ReplicatedExpiryTest.class.getClassLoader(),
                settings),
            () -> Instant.ofEpochMilli(nowMillis.get() + aheadMillis),
            new Sweeper(task -> {}),
            closed -> {});
    managers.add(manager);
    return manager;
  }

  private static Cache<String, Integer> open(
      WarrenCacheManager manager, Factory<ExpiryPolicy> policy) {
    Cache<String, Integer> cache =
        manager.createCache(
            "c",
            new MutableConfiguration<String, Integer>()
                .setTypes(String.class, Integer.class)
                .setExpiryPolicyFactory(policy));
    warren(cache).awaitReady(PATIENCE);
    return cache;
  }

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  private static WarrenCache<String, Integer> warren(Cache<String, Integer> cache) {
    return cache.unwrap(WarrenCache.class);
  }

  private static void awaitSize(Cache<String, Integer> cache, int size) {
    await().atMost(PATIENCE).until(() -> warren(cache).size() == size);
  }

  @Test
  void expiry_nobodyAsks_goneAndToldOnceOnEveryNode() {
    List<Cache<String, Integer>> caches = new ArrayList<>();
    List<Recording<String, Integer>> heard = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      caches.add(open(node(0), TEN_SECONDS));
      heard.add(Recording.of(caches.get(i)));
    }
    caches.get(1).put("a", 1);
    nowMillis.addAndGet(5_000);
    caches.get(2).put("b", 2);
    caches.forEach(cache -> awaitSize(cache, 2));
    nowMillis.addAndGet(5_300); // a tick is done when it is over
    caches.forEach(cache -> awaitSize(cache, 1));
    nowMillis.addAndGet(5_000);
    caches.forEach(cache -> awaitSize(cache, 0));
    heard.forEach(
        one ->
            await("the listener's thread")
                .atMost(PATIENCE)
                .untilAsserted(
                    () ->
                        assertThat(one.events)
                            .containsExactlyInAnyOrder(
                                "CREATED a=1", "CREATED b=2", "EXPIRED a=1", "EXPIRED b=2")));
  }

  @Test
  void expiry_keeperHasNotOpenedTheCache_goesAllTheSame() {
    WarrenCacheManager keeper = node(0);
    Cache<String, Integer> other =
        keeper.createCache(
            "other",
            new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
    warren(other).awaitReady(PATIENCE);
    Cache<String, Integer> cache = open(node(0), TEN_SECONDS);
    cache.put("a", 1);
    warren(cache).barrier(PATIENCE);
    nowMillis.addAndGet(10_300);
    awaitSize(cache, 0);
  }

  /** A policy that says nothing of updates leaves an entry its time, whoever has set it. */
  @Test
  void put_withoutPolicyOverAnotherNodesEntry_leavesItItsTime() {
    Cache<String, Integer> one = open(node(0), TEN_SECONDS);
    Cache<String, Integer> two = open(node(0), EternalExpiryPolicy.factoryOf());
    two.put("before", 0);
    one.put("a", 1);
    one.put("b", 1);
    awaitSize(two, 3);
    two.put("a", 2);
    two.replace("b", 2);
    warren(two).barrier(PATIENCE);
    nowMillis.addAndGet(10_300);
    awaitSize(two, 1);
    awaitSize(one, 1);
  }

  @Test
  void expiry_keeperLeaves_theNextTakesOver() {
    Cache<String, Integer> first = open(node(0), TEN_SECONDS);
    Cache<String, Integer> second = open(node(0), TEN_SECONDS);
    Recording<String, Integer> heard = Recording.of(second);
    first.put("a", 1);
    awaitSize(second, 1);
    managers.get(0).close();
    nowMillis.addAndGet(10_300);
    awaitSize(second, 0);
    await().atMost(PATIENCE).until(() -> heard.events.contains("EXPIRED a=1"));
  }

  @Test
  void touch_onTheKeeperNotTold_isToldInsteadOfExpire() {
    Factory<ExpiryPolicy> touched = TouchedExpiryPolicy.factoryOf(seconds());
    Cache<String, Integer> keeper = open(node(0), touched);
    Cache<String, Integer> other = open(node(0), touched);
    Recording<String, Integer> heard = Recording.of(other);
    other.put("a", 1);
    awaitSize(keeper, 1);
    nowMillis.addAndGet(700);
    assertThat(keeper.get("a")).isEqualTo(1); // less than a tenth later: the other is not told
    nowMillis.addAndGet(9_700);
    await("the keeper tells").atMost(PATIENCE).until(() -> other.containsKey("a"));
    assertThat(keeper.containsKey("a")).isTrue();
    nowMillis.addAndGet(600);
    awaitSize(other, 0);
    awaitSize(keeper, 0);
    await().atMost(PATIENCE).until(() -> heard.events.size() == 2);
    assertThat(heard.events).containsExactly("CREATED a=1", "EXPIRED a=1");
  }

  /** While the log is away both nodes show what they have, and touch what they show. */
  @Test
  void touch_beforeTheOwnWriteIsApplied_countsBehindIt() {
    Factory<ExpiryPolicy> touched = TouchedExpiryPolicy.factoryOf(seconds());
    Cache<String, Integer> one = open(node(0), touched);
    Cache<String, Integer> other = open(node(0), touched);
    MemoryBroker broker = MemoryBroker.named("/" + cluster);
    broker.setUp(false);
    one.put("a", 1);
    nowMillis.addAndGet(6_000);
    assertThat(one.get("a")).isEqualTo(1);
    broker.setUp(true);
    awaitSize(other, 1);
    warren(one).barrier(PATIENCE);

    nowMillis.addAndGet(6_000);

    assertThat(one.containsKey("a")).isTrue();
    await("it is told").atMost(PATIENCE).until(() -> other.containsKey("a"));
    nowMillis.addAndGet(4_300);
    awaitSize(one, 0);
    awaitSize(other, 0);
  }

  @Test
  void expiry_keepersClockIsSlow_othersSeeItExpiredAndItGoesLater() {
    Cache<String, Integer> keeper = open(node(-120_000), TEN_SECONDS);
    Cache<String, Integer> other = open(node(0), TEN_SECONDS);
    other.put("a", 1);
    awaitSize(keeper, 1);
    nowMillis.addAndGet(20_000);
    assertThat(other.containsKey("a")).as("by its own clock").isFalse();
    assertThat(keeper.containsKey("a")).as("by its own clock").isTrue();
    nowMillis.addAndGet(110_300);
    awaitSize(keeper, 0);
    awaitSize(other, 0);
  }

  @Test
  void expiry_keepersClockIsFast_goesEarlyOnAll() {
    open(node(120_000), TEN_SECONDS);
    Cache<String, Integer> other = open(node(0), TEN_SECONDS);
    Recording<String, Integer> heard = Recording.of(other);
    other.put("a", 1);
    nowMillis.addAndGet(300); // a tick is done when it is over
    awaitSize(other, 0);
    await().atMost(PATIENCE).until(() -> heard.events.contains("EXPIRED a=1"));
  }

  /** Operations on every node and the keeper race for each expired entry. */
  @Test
  void expiry_racingOperations_toldOncePerEntryAndNode() throws Exception {
    List<Cache<String, Integer>> caches = new ArrayList<>();
    List<Map<Integer, AtomicInteger>> told = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Cache<String, Integer> cache = open(node(0), TEN_SECONDS);
      Map<Integer, AtomicInteger> times = new ConcurrentHashMap<>();
      CacheEntryExpiredListener<String, Integer> listener =
          changes ->
              changes.forEach(
                  change ->
                      times
                          .computeIfAbsent(change.getOldValue(), v -> new AtomicInteger())
                          .incrementAndGet());
      cache.registerCacheEntryListener(
          new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
      caches.add(cache);
      told.add(times);
    }
    int rounds = 20;
    int keys = 200;
    for (int round = 0; round < rounds; round++) {
      for (int key = 0; key < keys; key++) {
        caches.get(key % 3).put("k" + key, round * keys + key);
      }
      caches.forEach(cache -> warren(cache).barrier(PATIENCE));
      caches.forEach(cache -> awaitSize(cache, keys));
      nowMillis.addAndGet(10_300);
      List<Future<?>> readers = new ArrayList<>();
      for (Cache<String, Integer> cache : caches) {
        readers.add(threads.submit(() -> readUntilGone(cache, keys)));
      }
      for (Future<?> reader : readers) {
        reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    await("the listeners' threads")
        .atMost(PATIENCE)
        .until(() -> told.stream().allMatch(times -> times.size() == rounds * keys));
    assertThat(told)
        .allSatisfy(
            times ->
                assertThat(times.values())
                    .allSatisfy(count -> assertThat(count.get()).isEqualTo(1)));
  }

  private static void readUntilGone(Cache<String, Integer> cache, int keys) {
    for (int key = 0; warren(cache).size() > 0; key = (key + 7) % keys) {
      assertThat(cache.get("k" + key)).isNull();
    }
  }
}
