// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries expire without anybody touching them. */
class ExpirySweepTest {
  private static final Duration SECOND = new Duration(TimeUnit.SECONDS, 1);

  private final Caches caches = new Caches();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    caches.close();
    threads.shutdownNow();
  }

  private Cache<String, Integer> cache(Factory<? extends ExpiryPolicy> policy) {
    return caches.manager.createCache(
        "c", new MutableConfiguration<String, Integer>().setExpiryPolicyFactory(policy));
  }

  private static void awaitEvents(Recording<?, ?> events, String... expected) {
    await("the listener's thread")
        .untilAsserted(() -> assertThat(events.events).containsExactly(expected));
  }

  @Test
  void sweep_expiredEntry_isGoneAndTold() {
    Cache<String, Integer> cache = cache(CreatedExpiryPolicy.factoryOf(SECOND));
    Recording<String, Integer> events = Recording.of(cache);
    cache.put("a", 1);
    caches.advance(600);
    cache.put("b", 2);
    caches.sweep();
    assertThat(size(cache)).isEqualTo(2);

    caches.advance(900);
    caches.sweep();

    awaitEvents(events, "CREATED a=1", "CREATED b=2", "EXPIRED a=1");
    assertThat(size(cache)).isEqualTo(1);
  }

  private static long size(Cache<?, ?> cache) {
    return cache.unwrap(dev.warren.jcache.api.WarrenCache.class).size();
  }

  /** Gives the life time that the test has set for the next call. */
  private static final class Given implements ExpiryPolicy {
    static final ThreadLocal<Long> MILLIS = new ThreadLocal<>();

    @Override
    public Duration getExpiryForCreation() {
      return new Duration(TimeUnit.MILLISECONDS, MILLIS.get());
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return getExpiryForCreation();
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return getExpiryForCreation();
    }
  }

  @Test
  void sweep_asTheThreadDoesIt_tellsWithinASecondOfExpiry() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Cache<String, Integer> cache = cache(Given::new);
    ConcurrentMap<String, Long> due = new ConcurrentHashMap<>();
    AtomicLong latest = new AtomicLong();
    AtomicInteger told = new AtomicInteger();
    CacheEntryExpiredListener<String, Integer> listener =
        changes ->
            changes.forEach(
                change -> {
                  long now = caches.nowMillis();
                  Long expected = due.remove(change.getKey());
                  long late = expected == null ? Long.MAX_VALUE : now - expected;
                  latest.accumulateAndGet(late < 0 ? Long.MAX_VALUE : late, Math::max);
                  told.incrementAndGet();
                });
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, true));
    int expected = 0;
    for (int i = 0; i < 2_000; i++) {
      String key = "k" + i;
      put(cache, key, 1 + random.nextInt(30_000), due);
      put(cache, "again" + random.nextInt(10), 20_000 + random.nextInt(30_000), due);
      Given.MILLIS.set((long) (1 + random.nextInt(60_000)));
      String touched = "k" + random.nextInt(i + 1);
      Long before = due.get(touched);
      if (before != null && before > caches.nowMillis() && cache.get(touched) != null) {
        due.put(touched, caches.nowMillis() + Given.MILLIS.get());
      }
      caches.advance(250); // Sweeper's period
      caches.sweep();
      await("the listener's thread, while time stands still")
          .pollDelay(java.time.Duration.ZERO)
          .pollInterval(java.time.Duration.ofMillis(1))
          .until(() -> due.size() == size(cache));
      expected++;
    }

    assertThat(latest.get()).as("seed %s: ms after expiry", seed).isBetween(0L, 1_000L);
    assertThat(told.get()).as("seed %s", seed).isGreaterThan(expected / 2);
  }

  private void put(
      Cache<String, Integer> cache, String key, int millis, ConcurrentMap<String, Long> due) {
    Given.MILLIS.set((long) millis);
    cache.put(key, millis);
    due.put(key, caches.nowMillis() + millis);
  }

  @Test
  void sweep_touchedReplacedRemovedBefore_leavesTheLiving() {
    Cache<String, Integer> cache = cache(TouchedExpiryPolicy.factoryOf(SECOND));
    Recording<String, Integer> events = Recording.of(cache);
    Stream.of("touched", "replaced", "removed", "left").forEach(key -> cache.put(key, 1));
    caches.advance(900);
    cache.get("touched");
    cache.replace("replaced", 2);
    cache.remove("removed");
    caches.advance(800);
    caches.sweep();

    await().until(() -> events.events.contains("EXPIRED left=1"));
    assertThat(cache.get("touched")).isEqualTo(1);
    assertThat(cache.get("replaced")).isEqualTo(2);
    assertThat(events.events.stream().filter(event -> event.startsWith("EXPIRED"))).hasSize(1);
  }

  @Test
  void sweep_keyHeldByAProcessor_doesNotWaitAndComesBack() throws Exception {
    Cache<String, Integer> cache = cache(CreatedExpiryPolicy.factoryOf(SECOND));
    Recording<String, Integer> events = Recording.of(cache);
    cache.put("busy", 1);
    cache.put("free", 2);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    var processor =
        threads.submit(
            () ->
                cache.invoke(
                    "busy",
                    (entry, arguments) -> {
                      inside.countDown();
                      return Boolean.toString(awaitQuietly(leave));
                    }));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

    caches.advance(2_000);
    caches.sweep(); // would wait here
    await().until(() -> events.events.contains("EXPIRED free=2"));
    assertThat(events.events).doesNotContain("EXPIRED busy=1");
    leave.countDown();
    assertThat(processor.get(10, TimeUnit.SECONDS)).isEqualTo("true");
    caches.advance(500);
    caches.sweep();

    awaitEvents(events, "CREATED busy=1", "CREATED free=2", "EXPIRED free=2", "EXPIRED busy=1");
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Operations and the sweep race for each expired entry: one of them tells, once. */
  @Test
  void sweep_racingOperations_expiredComesOncePerEntry() throws Exception {
    Cache<String, Integer> cache = cache(CreatedExpiryPolicy.factoryOf(SECOND));
    ConcurrentMap<Integer, AtomicInteger> told = new ConcurrentHashMap<>();
    CacheEntryExpiredListener<String, Integer> listener =
        changes ->
            changes.forEach(
                change ->
                    told.computeIfAbsent(change.getOldValue(), v -> new AtomicInteger())
                        .incrementAndGet());
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
    int rounds = 300;
    int keys = 20;
    for (int round = 0; round < rounds; round++) {
      for (int key = 0; key < keys; key++) {
        cache.put("k" + key, round * keys + key);
      }
      caches.advance(1_500);
      var sweep = threads.submit(caches::sweep);
      for (int key = 0; key < keys; key++) {
        cache.get("k" + key);
      }
      sweep.get(10, TimeUnit.SECONDS);
      caches.advance(300);
      caches.sweep();
    }

    await().until(() -> told.size() == rounds * keys);
    assertThat(told.values()).allSatisfy(times -> assertThat(times.get()).isEqualTo(1));
    assertThat(size(cache)).isZero();
  }

  @Test
  void sweep_listenerFarBehind_leavesTheRestWhereItIs() {
    Cache<Integer, Integer> cache =
        caches.manager.createCache(
            "many",
            new MutableConfiguration<Integer, Integer>()
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(SECOND)));
    CountDownLatch leave = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    CacheEntryExpiredListener<Integer, Integer> listener =
        changes -> {
          awaitQuietly(leave);
          told.incrementAndGet();
        };
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, true));
    for (int i = 0; i < 30_000; i++) {
      cache.put(i, i);
    }
    caches.advance(2_000);
    caches.sweep();
    assertThat(size(cache)).isBetween(10_000L, 20_000L);

    leave.countDown();
    await()
        .untilAsserted(
            () -> {
              caches.advance(300);
              caches.sweep();
              assertThat(told.get()).isEqualTo(30_000);
            });
  }

  @Test
  void sweep_keyThatThrows_othersExpire() {
    Cache<Object, Integer> cache =
        caches.manager.createCache(
            "c",
            new MutableConfiguration<Object, Integer>()
                .setStoreByValue(false)
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(SECOND)));
    Recording<Object, Integer> events = Recording.of(cache);
    Fickle fickle = new Fickle();
    cache.put(fickle, 1);
    cache.put("good", 2);
    fickle.broken = true;
    caches.advance(2_000);
    caches.sweep();
    caches.advance(300);
    caches.sweep();

    await().until(() -> events.events.contains("EXPIRED good=2"));
  }

  private static final class Fickle {
    volatile boolean broken;

    @Override
    public int hashCode() {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public String toString() {
      return "fickle";
    }
  }

  @Test
  void provider_realTime_sweepsByItself() {
    try (CachingProvider provider = new WarrenCachingProvider()) {
      CacheManager manager = provider.getCacheManager(URI.create("warren:sweep"), null);
      for (String name : List.of("first", "later")) { // the thread has ended, or not, in between
        Cache<String, Integer> cache =
            manager.createCache(
                name,
                new MutableConfiguration<String, Integer>()
                    .setExpiryPolicyFactory(
                        CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 100))));
        Recording<String, Integer> events = Recording.of(cache);
        cache.put("a", 1);
        awaitEvents(events, "CREATED a=1", "EXPIRED a=1");
      }
    }
  }
}
