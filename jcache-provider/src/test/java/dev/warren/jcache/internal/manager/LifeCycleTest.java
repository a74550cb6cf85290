// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.WarrenCachingProvider;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing, destroying, names, and iterations beside other operations. */
class LifeCycleTest {
  private final Caches caches = new Caches("warren:life");
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    caches.close();
  }

  private static MutableConfiguration<String, Integer> configuration() {
    return new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class);
  }

  private Cache<String, Integer> cache() {
    return caches.manager.createCache("c", configuration());
  }

  // ---- closed caches

  @Test
  void allOperations_closedCache_areRefusedBeforeAnyOtherCheck() {
    Cache<String, Integer> cache = cache();
    cache.put("k", 1);
    cache.put("l", 2);
    Iterator<Cache.Entry<String, Integer>> early = cache.iterator();
    early.next();
    MutableCacheEntryListenerConfiguration<String, Integer> listener =
        new MutableCacheEntryListenerConfiguration<>(Recording::new, null, true, true);
    cache.registerCacheEntryListener(listener);
    cache.close();
    List<Runnable> calls =
        List.of(
            () -> assertThat(early.hasNext()).isFalse(),
            early::next,
            early::remove,
            () -> assertThat(cache.iterator()).isNull(),
            () -> cache.registerCacheEntryListener(listener),
            () -> cache.deregisterCacheEntryListener(listener),
            () -> cache.registerCacheEntryListener(null),
            () -> cache.deregisterCacheEntryListener(null),
            () -> cache.get(null),
            () -> cache.getAll(null),
            () -> cache.containsKey(null),
            () -> cache.loadAll(null, true, null),
            () -> cache.put(null, null),
            () -> cache.getAndPut(null, null),
            () -> cache.putAll(null),
            () -> cache.putIfAbsent(null, null),
            () -> cache.remove(null),
            () -> cache.remove(null, null),
            () -> cache.getAndRemove(null),
            () -> cache.replace(null, null),
            () -> cache.replace(null, null, null),
            () -> cache.getAndReplace(null, null),
            () -> cache.removeAll(null),
            cache::removeAll,
            cache::clear,
            () -> cache.invoke(null, null),
            () -> cache.invokeAll(null, null),
            () -> cache.getConfiguration(typeOfConfiguration()));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
    }
    cache.close();
    assertThat(cache.getName()).isEqualTo("c");
    assertThat(cache.getCacheManager()).isSameAs(caches.manager);
  }

  @SuppressWarnings("unchecked") // JCache asks for the raw class
  private static <K, V> Class<Configuration<K, V>> typeOfConfiguration() {
    return (Class<Configuration<K, V>>) (Class<?>) Configuration.class;
  }

  @Test
  void registerCacheEntryListener_cacheClosedMeanwhile_closesTheListener() {
    Cache<String, Integer> cache = cache();
    AtomicInteger closed = new AtomicInteger();
    class Listener implements CacheEntryCreatedListener<String, Integer>, Closeable {
      @Override
      public void onCreated(
          Iterable<CacheEntryEvent<? extends String, ? extends Integer>> events) {}

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }
    assertThatThrownBy(
            () ->
                cache.registerCacheEntryListener(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> {
                          cache.close();
                          return new Listener();
                        },
                        null,
                        true,
                        true)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(closed).hasValue(1);
  }

  @Test
  void getCache_whileItCloses_isGone() throws Exception {
    Cache<String, Integer> cache = cache();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Future<?> processing =
        threads.submit(
            () ->
                cache.invoke(
                    "k",
                    (entry, args) -> {
                      inside.countDown();
                      awaitQuietly(release);
                      return null;
                    }));
    awaitQuietly(inside);
    Future<?> closing = threads.submit(cache::close);
    while (!cache.isClosed()) {
      Thread.onSpinWait();
    }
    assertThat(caches.manager.<String, Integer>getCache("c")).isNull();
    assertThat(caches.manager.getCache("c", String.class, Integer.class)).isNull();
    release.countDown();
    closing.get(20, TimeUnit.SECONDS);
    processing.get(20, TimeUnit.SECONDS);
  }

  /** A policy that notices when it is asked after it was closed. */
  private static final class Policy implements ExpiryPolicy, Closeable {
    volatile boolean closed;
    final AtomicInteger late = new AtomicInteger();

    private Duration answer() {
      Thread.onSpinWait();
      if (closed) {
        late.incrementAndGet();
      }
      return Duration.ONE_DAY;
    }

    @Override
    public Duration getExpiryForCreation() {
      return answer();
    }

    @Override
    public Duration getExpiryForAccess() {
      return answer();
    }

    @Override
    public Duration getExpiryForUpdate() {
      return answer();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "destroy", "manager"})
  void operations_racingWithTheEnd_endWellOrAreRefused(String end) throws Exception {
    for (int round = 0; round < 60; round++) {
      try (Caches own = new Caches("warren:race")) {
        Policy policy = new Policy();
        Cache<String, Integer> cache =
            own.manager.createCache("c", configuration().setExpiryPolicyFactory(() -> policy));
        cache.put("k", 1);
        CountDownLatch begun = new CountDownLatch(3);
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          int thread = t;
          futures.add(
              threads.submit(
                  () -> {
                    try {
                      for (int i = 0; ; i++) {
                        operate(cache, thread, i);
                        begun.countDown();
                      }
                    } catch (IllegalStateException e) {
                      assertThat(e).hasMessageContaining("is closed");
                    }
                  }));
        }
        begun.await(20, TimeUnit.SECONDS);
        for (int closer = 0; closer < 2; closer++) {
          futures.add(threads.submit(() -> end(own, cache, end)));
        }
        for (Future<?> future : futures) {
          future.get(20, TimeUnit.SECONDS);
        }
        assertThat(policy.late).as("round %d", round).hasValue(0);
      }
    }
  }

  private static void operate(Cache<String, Integer> cache, int thread, int i) {
    switch ((thread + i) % 6) {
      case 0 -> cache.put("k", i);
      case 1 -> cache.remove("l");
      case 2 -> cache.putAll(Map.of("l", i, "m", i));
      case 3 -> cache.forEach(entry -> entry.getValue());
      default -> cache.get("k");
    }
  }

  private static void end(Caches own, Cache<String, Integer> cache, String end) {
    switch (end) {
      case "close" -> cache.close();
      case "destroy" -> {
        try {
          own.manager.destroyCache("c");
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining("cache manager");
        }
      }
      default -> own.manager.close();
    }
  }

  // ---- iterations

  @Test
  void iteratorRemove_afterConcurrentUpdate_removesWhatIsThere() {
    Cache<String, Integer> cache = cache();
    cache.put("k", 1);
    Recording<String, Integer> heard = Recording.of(cache);
    Iterator<Cache.Entry<String, Integer>> entries = cache.iterator();
    assertThat(entries.next().getValue()).isEqualTo(1);
    cache.put("k", 2);
    entries.remove();
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(heard.events).containsExactly("UPDATED k=1>2", "REMOVED k=2");
  }

  @Test
  void iteratorRemove_afterConcurrentRemove_doesNothing() {
    Cache<String, Integer> cache = cache();
    cache.put("k", 1);
    Recording<String, Integer> heard = Recording.of(cache);
    Iterator<Cache.Entry<String, Integer>> entries = cache.iterator();
    entries.next();
    cache.remove("k");
    entries.remove();
    assertThat(heard.events).containsExactly("REMOVED k=1");
    assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void iterator_underConcurrentChange_showsEachStableEntryOnce() throws Exception {
    Cache<String, Integer> cache = cache();
    for (int i = 0; i < 100; i++) {
      cache.put("stable" + i, i);
    }
    AtomicBoolean stop = new AtomicBoolean();
    Future<?> changing =
        threads.submit(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                cache.put("moving" + i % 50, i);
                cache.remove("moving" + (i + 25) % 50);
              }
            });
    for (int round = 0; round < 50; round++) {
      List<String> seen = new ArrayList<>();
      cache.forEach(entry -> seen.add(entry.getKey()));
      assertThat(seen).doesNotHaveDuplicates().containsAll(stable());
    }
    stop.set(true);
    changing.get(20, TimeUnit.SECONDS);
  }

  private static Set<String> stable() {
    Set<String> stable = new java.util.HashSet<>();
    for (int i = 0; i < 100; i++) {
      stable.add("stable" + i);
    }
    return stable;
  }

  // ---- names

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a:b=c,d\ne*f?g\"h", "\\", "\r\t\0", "ü𝔘名", "${x}", "../..", "a'b;c|d"})
  void createCache_anyName_works(String name) throws Exception {
    Cache<String, Integer> cache =
        caches.manager.createCache(
            name, configuration().setStatisticsEnabled(true).setManagementEnabled(true));
    cache.put("k", 1);
    assertThat(cache.getName()).isEqualTo(name);
    assertThat(caches.manager.getCache(name, String.class, Integer.class)).isSameAs(cache);
    assertThat(caches.manager.getCacheNames()).containsExactly(name);
    assertThat(beans("life")).hasSize(2);
    caches.manager.destroyCache(name);
    assertThat(beans("life")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "warren:a,b=c*d?e",
        "urn:x:y",
        "odd:%22%0A%20",
        "a/b?c=d#e",
        "odd:%C3%BC'()!$&+;@"
      })
  void getCacheManager_anyUri_works(String uri) throws Exception {
    WarrenCachingProvider provider = new WarrenCachingProvider();
    try {
      CacheManager manager = provider.getCacheManager(URI.create(uri), getClass().getClassLoader());
      manager.createCache("named", configuration().setStatisticsEnabled(true)).put("k", 1);
      assertThat(manager.getURI()).isEqualTo(URI.create(uri));
      assertThat(queryNames("javax.cache:type=CacheStatistics,Cache=named,*")).hasSize(1);
    } finally {
      provider.close();
    }
    assertThat(queryNames("javax.cache:type=CacheStatistics,Cache=named,*")).isEmpty();
  }

  private static Set<ObjectName> beans(String manager) throws Exception {
    return queryNames("javax.cache:CacheManager=warren." + manager + ",*");
  }

  private static Set<ObjectName> queryNames(String pattern) throws Exception {
    return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(pattern), null);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
