// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.bucket4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import io.github.bucket4j.grid.jcache.JCacheProxyManager;
import io.github.bucket4j.tck.AbstractDistributedBucketTest;
import io.github.bucket4j.tck.ProxyManagerSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit that Bucket4j's integrations are tested with, and what it does not ask. */
class WarrenProxyManagerTest extends AbstractDistributedBucketTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  private static final CacheManager MANAGER =
      Caching.getCachingProvider(WarrenCachingProvider.class.getName())
          .getCacheManager(URI.create("warren:buckets"), null);

  @BeforeAll
  static void describe() {
    create("by value", new MutableConfiguration<>());
    create("by reference", new MutableConfiguration<String, byte[]>().setStoreByValue(false));
    specs =
        List.of(
            new ProxyManagerSpec<>(
                "Warren",
                () -> UUID.randomUUID().toString(),
                () -> Bucket4jJCache.entryProcessorBasedBuilder(cache("by value"))));
  }

  @AfterAll
  static void close() {
    MANAGER.close();
  }

  private static void create(String name, MutableConfiguration<String, byte[]> configuration) {
    MANAGER.createCache(name, configuration.setTypes(String.class, byte[].class));
  }

  /** Four threads ask for twice as many tokens as there are, each through a proxy of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"by value", "by reference"})
  void tryConsume_fourThreads_giveExactlyTheLimit(String name) throws Exception {
    int threads = 4;
    int limit = 2_000;
    BucketConfiguration noRefill =
        BucketConfiguration.builder()
            .addLimit(
                bandwidth -> bandwidth.capacity(limit).refillIntervally(1, Duration.ofDays(100)))
            .build();
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    int given = 0;
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        all.add(
            executor.submit(
                () -> {
                  Bucket bucket =
                      Bucket4jJCache.entryProcessorBasedBuilder(cache(name))
                          .build()
                          .builder()
                          .build("racing", () -> noRefill);
                  together.await();
                  int mine = 0;
                  for (int attempt = 0; attempt < 2 * limit / threads; attempt++) {
                    mine += bucket.tryConsume(1) ? 1 : 0;
                  }
                  return mine;
                }));
      }
      for (Future<Integer> one : all) {
        given += one.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(given).isEqualTo(limit);
  }

  @Test
  void provider_ofTheBuckets_isWarrenAndNotRefused() {
    assertThat(MANAGER.getCachingProvider()).isInstanceOf(WarrenCachingProvider.class);
    assertThat(Bucket4jJCache.entryProcessorBasedBuilder(cache("by value")).build())
        .isInstanceOf(JCacheProxyManager.class);
  }

  @Test
  void tryConsume_twoProxyManagers_shareTheBucketInWarren() {
    Cache<String, byte[]> cache = cache("by value");
    ProxyManager<String> one = Bucket4jJCache.entryProcessorBasedBuilder(cache).build();
    ProxyManager<String> other = Bucket4jJCache.entryProcessorBasedBuilder(cache).build();
    BucketConfiguration tenADay =
        BucketConfiguration.builder()
            .addLimit(limit -> limit.capacity(10).refillIntervally(10, Duration.ofDays(1)))
            .build();
    long before = cache.unwrap(WarrenCache.class).size();
    Bucket bucket = one.builder().build("shared", () -> tenADay);
    assertThat(bucket.tryConsume(7)).isTrue();
    assertThat(cache.unwrap(WarrenCache.class).size()).isEqualTo(before + 1);
    assertThat(cache.get("shared")).as("the bucket's state").isNotEmpty();
    Bucket same = other.builder().build("shared", () -> tenADay);
    assertThat(same.getAvailableTokens()).isEqualTo(3);
    assertThat(same.tryConsume(4)).isFalse();
    one.removeProxy("shared");
    assertThat(cache.containsKey("shared")).isFalse();
  }

  private static Cache<String, byte[]> cache(String name) {
    return requireNonNull(MANAGER.getCache(name, String.class, byte[].class));
  }
}
