// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.internal.store.KeyLocks;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalCacheTest {
  private final Caches caches = new Caches();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    caches.close();
  }

  @Test
  void put_byValue_keepsNothingOfTheCallers() {
    Cache<List<Integer>, List<Integer>> cache =
        caches.manager.createCache("lists", new MutableConfiguration<>());
    List<Integer> key = new ArrayList<>(List.of(1));
    List<Integer> value = new ArrayList<>(List.of(2));
    cache.put(key, value);
    key.add(10);
    value.add(20);
    List<Integer> stored = cache.get(List.of(1));
    assertThat(stored).containsExactly(2);
    stored.add(30);
    assertThat(cache.get(List.of(1))).containsExactly(2);
    cache.iterator().next().getKey().add(40);
    assertThat(cache.containsKey(List.of(1))).isTrue();
  }

  @Test
  void put_valueThatCannotBeCopied_saysWhatToDo() {
    Cache<String, Object> cache = caches.manager.createCache("any", new MutableConfiguration<>());
    assertThatThrownBy(() -> cache.put("k", new Thread()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("java.lang.Thread")
        .hasMessageContaining("setStoreByValue(false)");
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void invoke_processorThatPutsItsOwnKey_reenters() {
    Cache<String, Integer> cache = strings("own");
    cache.invoke(
        "k",
        (entry, args) -> {
          cache.put("k", 1);
          cache.put("other", 2);
          return null;
        });
    assertThat(cache.get("k")).isEqualTo(1);
    assertThat(cache.get("other")).isEqualTo(2);
  }

  @Test
  void invoke_processorThatClears_isToldWhy() {
    Cache<String, Integer> cache = strings("clear");
    assertThatThrownBy(
            () ->
                cache.invoke(
                    "k",
                    (entry, args) -> {
                      cache.clear();
                      return null;
                    }))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("call it afterwards");
  }

  @Test
  void listener_thatPutsItsOwnKey_reentersAndHearsOfItAfterwards() {
    Cache<String, Integer> cache = strings("nested");
    List<Integer> heard = new ArrayList<>();
    CacheEntryUpdatedListener<String, Integer> updated =
        events ->
            events.forEach(
                event -> {
                  heard.add(event.getValue());
                  if (event.getValue() < 4) {
                    cache.put("k", event.getValue() + 1);
                  }
                });
    cache.put("k", 0);
    listen(cache, updated);
    cache.put("k", 1);
    assertThat(heard).containsExactly(1, 2, 3, 4);
  }

  @Test
  void listener_underConcurrentUpdates_hearsEachKeyInOrder() throws Exception {
    Cache<String, Integer> cache = strings("order");
    List<int[]> heard = new ArrayList<>();
    CacheEntryUpdatedListener<String, Integer> updated =
        events ->
            events.forEach(event -> heard.add(new int[] {event.getOldValue(), event.getValue()}));
    cache.put("k", 0);
    listen(cache, updated);
    List<Future<?>> futures = new ArrayList<>();
    for (int t = 1; t <= 4; t++) {
      int thread = t;
      futures.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 500; i++) {
                  cache.put("k", thread * 1_000 + i);
                }
              }));
    }
    for (Future<?> future : futures) {
      future.get(30, TimeUnit.SECONDS);
    }
    assertThat(heard).hasSize(2_000);
    int last = 0;
    for (int[] change : heard) {
      assertThat(change[0]).isEqualTo(last);
      last = change[1];
    }
    assertThat(cache.get("k")).isEqualTo(last);
  }

  @Test
  void listeners_ofTwoKeysThatPutEachOthersKey_doNotBlockForEver() throws Exception {
    Cache<String, Integer> cache = strings("crossed");
    CountDownLatch both = new CountDownLatch(2);
    CacheEntryCreatedListener<String, Integer> created =
        events ->
            events.forEach(
                event -> {
                  both.countDown();
                  awaitQuietly(both);
                  cache.put(event.getKey().equals("a") ? "b" : "a", 2);
                });
    listen(cache, created);
    Future<?> first = threads.submit(() -> cache.put("a", 1));
    Future<?> second = threads.submit(() -> cache.put("b", 1));
    first.get(20, TimeUnit.SECONDS);
    second.get(20, TimeUnit.SECONDS);
    assertThat(cache.get("a")).isEqualTo(2);
    assertThat(cache.get("b")).isEqualTo(2);
  }

  @Test
  void get_whileItsKeyIsProcessed_readsTheOldValueWithoutWaiting() throws Exception {
    Cache<String, Integer> cache = strings("reads");
    cache.put("k", 1);
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
                      entry.setValue(2);
                      return null;
                    }));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(cache.get("k")).isEqualTo(1);
    release.countDown();
    processing.get(10, TimeUnit.SECONDS);
    assertThat(cache.get("k")).isEqualTo(2);
  }

  @Test
  void close_whileAnOperationRuns_waitsForIt() throws Exception {
    Cache<String, Integer> cache = strings("closing");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<Boolean> endedOpen = new AtomicReference<>();
    Future<?> processing =
        threads.submit(
            () ->
                cache.invoke(
                    "k",
                    (entry, args) -> {
                      inside.countDown();
                      awaitQuietly(release);
                      endedOpen.set(true);
                      return null;
                    }));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    Future<?> closing = threads.submit(cache::close);
    release.countDown();
    closing.get(10, TimeUnit.SECONDS);
    assertThat(endedOpen).hasValue(true);
    processing.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closing");
    assertThat(caches.manager.<String, Integer>getCache("closing")).isNull();
  }

  @Test
  void put_policyThatLooksAtCreationOnly_updateKeepsTheTime() {
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "created",
            new MutableConfiguration<String, Integer>()
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(
                        new javax.cache.expiry.Duration(TimeUnit.SECONDS, 10))));
    cache.put("k", 1);
    caches.advance(5_000);
    cache.put("k", 2);
    cache.replace("k", 2, 3);
    assertThat(cache.get("k")).isEqualTo(3);
    caches.advance(5_000);
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void put_policyThatLooksAtUpdatesOnly_updateMovesTheTime() {
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "modified",
            new MutableConfiguration<String, Integer>()
                .setExpiryPolicyFactory(
                    ModifiedExpiryPolicy.factoryOf(
                        new javax.cache.expiry.Duration(TimeUnit.SECONDS, 10))));
    cache.put("k", 1);
    caches.advance(5_000);
    cache.put("k", 2);
    caches.advance(5_000);
    assertThat(cache.get("k")).isEqualTo(2);
    caches.advance(5_000);
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void unwrap_localCache_isReadyAtOnce() {
    Cache<String, Integer> cache = strings("plain");
    cache.put("k", 1);
    WarrenCache<?, ?> warren = cache.unwrap(WarrenCache.class);
    assertThat(warren.isReady()).isTrue();
    assertThat(warren.size()).isEqualTo(1);
    assertThat(caches.manager.unwrap(WarrenHealth.class).state())
        .isEqualTo(WarrenHealth.State.LOCAL);
  }

  @Test
  void awaitPersisted_noLog_saysWhatIsMissing() {
    WarrenHealth health = caches.manager.unwrap(WarrenHealth.class);

    assertThatThrownBy(() -> health.awaitPersisted(Duration.ofSeconds(1)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("warren.log must be set");
  }

  @Test
  void createCache_nameWithOddCharacters_isShownInJmx() throws Exception {
    String name = "a:b=c,d\ne*f?g\"h";
    Cache<String, Integer> cache =
        caches.manager.createCache(
            name, new MutableConfiguration<String, Integer>().setManagementEnabled(true));
    ObjectName bean =
        new ObjectName(
            "javax.cache:type=CacheConfiguration,CacheManager=warren.test,Cache=a.b.c.d.e.f.g.h");
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean)).isTrue();
    cache.close();
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean)).isFalse();
  }

  @Test
  void createCache_sameNameInTwoClassLoaders_leavesTheFirstItsBean() throws Exception {
    MutableConfiguration<String, Integer> configuration =
        new MutableConfiguration<String, Integer>().setStatisticsEnabled(true);
    ObjectName bean =
        new ObjectName("javax.cache:type=CacheStatistics,CacheManager=warren.two,Cache=same");
    WarrenCachingProvider provider = new WarrenCachingProvider();
    try (URLClassLoader other = new URLClassLoader(new URL[0], getClass().getClassLoader())) {
      URI uri = URI.create("warren:two");
      CacheManager first = provider.getCacheManager(uri, getClass().getClassLoader());
      CacheManager second = provider.getCacheManager(uri, other);
      assertThat(second).isNotSameAs(first);
      first.createCache("same", configuration).put("k", 1);
      second.createCache("same", configuration);
      second.destroyCache("same");
      assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "CachePuts"))
          .isEqualTo(1L);
      second.close();
      assertThat(provider.getCacheManager(uri, other)).isNotSameAs(second);
    } finally {
      provider.close();
    }
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean)).isFalse();
  }

  @Test
  void put_writerButNoListener_writes() {
    List<String> written = new ArrayList<>();
    CacheWriter<String, Integer> writer =
        new CacheWriter<>() {
          @Override
          public void write(Cache.Entry<? extends String, ? extends Integer> entry) {
            written.add(entry.getKey());
          }

          @Override
          public void writeAll(
              Collection<Cache.Entry<? extends String, ? extends Integer>> entries) {}

          @Override
          public void delete(Object key) {
            written.add("-" + key);
          }

          @Override
          public void deleteAll(Collection<?> keys) {}
        };
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "written",
            new MutableConfiguration<String, Integer>()
                .setTypes(String.class, Integer.class)
                .setWriteThrough(true)
                .setCacheWriterFactory(() -> writer));
    cache.put("a", 1);
    cache.remove("a");
    assertThat(written).containsExactly("a", "-a");
  }

  @Test
  void put_policyOfTheUsersButNoListener_isAskedUnderTheKeysLock() {
    List<Boolean> held = new ArrayList<>();
    ExpiryPolicy policy =
        new ExpiryPolicy() {
          @Override
          public javax.cache.expiry.Duration getExpiryForCreation() {
            held.add(KeyLocks.isAnyHeldHere());
            return javax.cache.expiry.Duration.ETERNAL;
          }

          @Override
          public javax.cache.expiry.@Nullable Duration getExpiryForAccess() {
            return null;
          }

          @Override
          public javax.cache.expiry.@Nullable Duration getExpiryForUpdate() {
            return null;
          }
        };
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "policy",
            new MutableConfiguration<String, Integer>().setExpiryPolicyFactory(() -> policy));
    cache.put("a", 1);
    assertThat(held).containsExactly(true);
  }

  private Cache<String, Integer> strings(String name) {
    return caches.manager.createCache(
        name, new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
  }

  private static void listen(
      Cache<String, Integer> cache, CacheEntryListener<String, Integer> listener) {
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
