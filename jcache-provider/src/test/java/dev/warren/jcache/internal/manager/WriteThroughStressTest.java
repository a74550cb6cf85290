// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.Test;

/** The external store and the cache never part. */
class WriteThroughStressTest {
  private static final int KEYS = 4;

  @Test
  void writes_ofManyThreads_leaveStoreAndCacheEqual() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      runRound(seed);
    }
  }

  @Test
  void putRemovePutAllRemoveAll_racingInPairs10000Times_neverPartStoreAndCache() throws Exception {
    External external = new External();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    AtomicInteger differences = new AtomicInteger();
    long seed = 77;
    try (Caches caches = new Caches()) {
      Cache<Integer, Integer> cache = caches.manager.createCache("pairs", through(external));
      CyclicBarrier roundOver =
          new CyclicBarrier(
              2,
              () -> {
                Map<Integer, Integer> held = new HashMap<>();
                cache.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
                if (!held.equals(external.rows)) {
                  differences.incrementAndGet();
                }
              });
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        Random random = new Random(seed + t);
        futures.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 10_000; round++) {
                    race(cache, random);
                    roundOver.await(60, TimeUnit.SECONDS);
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(differences).as("seed %d", seed).hasValue(0);
  }

  private static void race(Cache<Integer, Integer> cache, Random random) {
    int value = random.nextInt(1_000_000);
    switch (random.nextInt(5)) {
      case 0 -> cache.put(1, value);
      case 1 -> cache.remove(1);
      case 2 -> cache.putAll(Map.of(1, value, 2, value));
      case 3 -> cache.removeAll(Set.of(2, 1));
      default -> cache.removeAll();
    }
  }

  private static void runRound(long seed) throws Exception {
    External external = new External();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Caches caches = new Caches()) {
      Cache<Integer, Integer> cache = caches.manager.createCache("equal", through(external));
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed * 31 + t);
        futures.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    step(cache, random);
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get(60, TimeUnit.SECONDS);
      }
      Map<Integer, Integer> held = new ConcurrentHashMap<>();
      cache.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
      assertThat(held).as("seed %d", seed).isEqualTo(external.rows);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void step(Cache<Integer, Integer> cache, Random random) {
    int key = random.nextInt(KEYS);
    int value = random.nextInt(1_000);
    switch (random.nextInt(7)) {
      case 0 -> cache.put(key, value);
      case 1 -> cache.remove(key);
      case 2 -> {
        Map<Integer, Integer> several = new LinkedHashMap<>();
        several.put(key, value);
        several.put((key + 1 + random.nextInt(KEYS - 1)) % KEYS, value);
        cache.putAll(several);
      }
      case 3 -> cache.removeAll(Set.of(key, (key + 1) % KEYS));
      case 4 -> cache.replace(key, value);
      case 5 -> cache.putIfAbsent(key, value);
      default ->
          cache.invoke(
              key,
              (entry, args) -> {
                if (entry.exists()) {
                  entry.remove();
                } else {
                  entry.setValue(value);
                }
                return null;
              });
    }
  }

  @Test
  void putAll_writerFailsHalfWay_storesWhatWasWritten() {
    External external = new External();
    external.refused = 2;
    try (Caches caches = new Caches()) {
      Cache<Integer, Integer> cache = caches.manager.createCache("half", through(external));
      Map<Integer, Integer> several = new LinkedHashMap<>();
      several.put(1, 10);
      several.put(2, 20);
      several.put(3, 30);
      assertThatThrownBy(() -> cache.putAll(several))
          .isInstanceOf(CacheWriterException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(cache.get(1)).isEqualTo(10);
      assertThat(cache.containsKey(2)).isFalse();
      assertThat(cache.containsKey(3)).isFalse();
      assertThat(external.rows).containsOnlyKeys(1);
    }
  }

  private static MutableConfiguration<Integer, Integer> through(External external) {
    return new MutableConfiguration<Integer, Integer>()
        .setWriteThrough(true)
        .setCacheWriterFactory(() -> external);
  }

  private static final class External implements CacheWriter<Integer, Integer> {
    final Map<Integer, Integer> rows = new ConcurrentHashMap<>();
    int refused = Integer.MIN_VALUE;

    @Override
    public void write(Cache.Entry<? extends Integer, ? extends Integer> entry) {
      if (entry.getKey() == refused) {
        throw new IllegalStateException("planned");
      }
      rows.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends Integer, ? extends Integer>> entries) {
      for (var left = entries.iterator(); left.hasNext(); ) {
        write(left.next());
        left.remove();
      }
    }

    @Override
    public void delete(Object key) {
      rows.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      for (var left = keys.iterator(); left.hasNext(); ) {
        delete(left.next());
        left.remove();
      }
    }
  }
}
