// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes in one step race changes under the key's lock. Every one of them adds one to a number, so
 * that a change that is made on an old look is missing in the sum.
 */
class OneStepStressTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 30_000;
  private static final int KEYS = 3;

  private static final EntryProcessor<Integer, Integer, Integer> INCREMENT =
      (entry, arguments) -> {
        Integer old = entry.getValue();
        entry.setValue(old == null ? 1 : old + 1);
        return old;
      };

  private final Caches caches = new Caches("warren:one-step");
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    caches.close();
  }

  static Stream<ExpiryPolicy> policies() {
    return Stream.of(
        new EternalExpiryPolicy(), new CreatedExpiryPolicy(new Duration(TimeUnit.HOURS, 1)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void allChanges_atOnce_noneIsLost(ExpiryPolicy policy) throws Exception {
    Cache<Integer, Integer> cache =
        caches.manager.createCache(
            "c", new MutableConfiguration<Integer, Integer>().setExpiryPolicyFactory(() -> policy));
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Integer>> sums = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      sums.add(
          threads.submit(
              () -> {
                start.await(20, TimeUnit.SECONDS);
                int sum = 0;
                for (int i = 0; i < ROUNDS; i++) {
                  sum += change(cache, first + i, i % KEYS);
                }
                return sum;
              }));
    }
    int added = 0;
    for (Future<Integer> sum : sums) {
      added += sum.get(120, TimeUnit.SECONDS);
    }
    int found = 0;
    for (Cache.Entry<Integer, Integer> entry : cache) {
      found += entry.getValue();
    }
    assertThat(found).isEqualTo(added);
  }

  /** One change; what it added. */
  private static int change(Cache<Integer, Integer> cache, int kind, int key) {
    Integer old = cache.get(key);
    switch (kind % 5) {
      case 0, 1 -> {
        cache.invoke(key, INCREMENT);
        return 1;
      }
      case 2 -> {
        return cache.putIfAbsent(key, 1) ? 1 : 0;
      }
      case 3 -> {
        return old != null && cache.replace(key, old, old + 1) ? 1 : 0;
      }
      default -> {
        if (kind % 100 == 4) {
          Integer removed = cache.getAndRemove(key);
          return removed == null ? 0 : -removed;
        }
        Integer before = cache.getAndPut(key, 1_000);
        return before == null ? 1_000 : 1_000 - before;
      }
    }
  }
}
