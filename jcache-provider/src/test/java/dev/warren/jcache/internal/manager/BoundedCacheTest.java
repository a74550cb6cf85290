// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.api.Weigher;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches that hold no more than they may. */
class BoundedCacheTest {
  @TempDir private Path folder;
  private final WarrenCachingProvider provider = new WarrenCachingProvider();
  private final Caches caches = new Caches();

  @AfterEach
  void close() {
    caches.close();
    provider.close();
  }

  /** Weighs by the length of the text. */
  public static final class ByLength implements Weigher<String, String>, Closeable {
    static final AtomicInteger CLOSED = new AtomicInteger();

    @Override
    public int weigh(String key, String value) {
      return value.length();
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
    }
  }

  private CacheManager managerOfFile(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("some.conf"), text);
    return provider.getCacheManager(file.toUri(), provider.getDefaultClassLoader());
  }

  @Test
  void clear_boundedCache_isEmptyAndNothingCountsAsEvicted() throws Exception {
    Cache<String, String> cache =
        caches.manager.createCache(
            "cleared",
            new WarrenConfiguration<String, String>(
                    new MutableConfiguration<String, String>().setStatisticsEnabled(true))
                .setMaxEntries(10));
    cache.put("k", "v");
    cache.clear();
    assertThat(cache).isEmpty();
    assertThat(cache.get("k")).isNull();
    assertThat(evictions("cleared")).isZero();
  }

  private static int weightOf(Cache<String, String> cache) {
    int weight = 0;
    for (Cache.Entry<String, String> entry : cache) {
      weight += entry.getValue().length();
    }
    return weight;
  }

  private static long evictions(String cache) throws Exception {
    ObjectName bean =
        ManagementFactory.getPlatformMBeanServer()
            .queryNames(
                ObjectName.getInstance("javax.cache:type=CacheStatistics,Cache=" + cache + ",*"),
                null)
            .iterator()
            .next();
    return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "CacheEvictions");
  }

  @Test
  void createCache_ruleWithMaxWeight_keepsItCountsEvictionsAndTellsNobody() throws Exception {
    CacheManager manager =
        managerOfFile(
            "warren.caches = [ { name = texts, max-weight = 1000, weigher = \""
                + ByLength.class.getName()
                + "\" } ]");
    Cache<String, String> cache =
        manager.createCache(
            "texts", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
    Recording<String, String> events = Recording.of(cache);
    for (int i = 0; i < 500; i++) {
      cache.put("k" + i, "x".repeat(1 + i % 50));
    }
    cache.put("k1", "y".repeat(900)); // an update weighs too
    int entries = (int) cache.unwrap(dev.warren.jcache.api.WarrenCache.class).size();

    assertThat(weightOf(cache)).isBetween(100, 1_000);
    assertThat(evictions("texts")).isGreaterThanOrEqualTo(500 - entries);
    assertThat(events.events).allMatch(e -> e.startsWith("CREATED") || e.startsWith("UPDATED"));

    int before = ByLength.CLOSED.get();
    cache.close();
    assertThat(ByLength.CLOSED.get()).isEqualTo(before + 1);
  }

  @Test
  void createCache_boundInCode_standsInsteadOfTheFiles() throws Exception {
    CacheManager manager = managerOfFile("warren.caches = [ { name = \"*\", max-entries = 5 } ]");
    Cache<String, String> weighed =
        manager.createCache(
            "weighed",
            new WarrenConfiguration<String, String>().setMaxWeight(1_000, ByLength::new));
    Cache<String, String> counted =
        manager.createCache("counted", new WarrenConfiguration<String, String>().setMaxEntries(20));
    Cache<String, String> configured =
        manager.createCache("configured", new WarrenConfiguration<String, String>());
    for (int i = 0; i < 100; i++) {
      for (Cache<String, String> cache : List.of(weighed, counted, configured)) {
        cache.put("k" + i, "v");
      }
    }

    assertThat(weighed).hasSize(100);
    assertThat(counted).hasSize(20);
    assertThat(configured).hasSize(5);
    assertThat(bound(weighed)).isEqualTo(1_000);
  }

  @SuppressWarnings("unchecked") // JCache asks for the raw class
  private static long bound(Cache<String, String> cache) {
    WarrenConfiguration<String, String> shown = cache.getConfiguration(WarrenConfiguration.class);
    return shown.getMaxWeight();
  }

  @Test
  void put_heavierThanTheBound_isNotKept() {
    Cache<String, String> cache =
        caches.manager.createCache(
            "c", new WarrenConfiguration<String, String>().setMaxWeight(10, ByLength::new));
    cache.put("light", "x");
    cache.put("heavy", "x".repeat(11));

    assertThat(cache.containsKey("heavy")).isFalse();
    assertThat(cache.get("light")).isEqualTo("x");
  }

  @Test
  void put_weigherFailsOrGivesLessThanNothing_countsAsOne() {
    Weigher<String, Integer> bad =
        (key, value) -> {
          if (value % 2 == 0) {
            throw new AssertionError("on purpose");
          }
          return -1;
        };
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "c", new WarrenConfiguration<String, Integer>().setMaxWeight(10, () -> bad));
    for (int i = 0; i < 100; i++) {
      cache.put("k" + i, i);
    }

    assertThat(cache).hasSize(10);
  }

  @Test
  void put_weigherChangesTheValue_storedOneStays() {
    Weigher<String, List<String>> vandal =
        (key, value) -> {
          value.clear();
          return 1;
        };
    Cache<String, List<String>> cache =
        caches.manager.createCache(
            "c", new WarrenConfiguration<String, List<String>>().setMaxWeight(10, () -> vandal));
    cache.put("k", new ArrayList<>(List.of("a")));

    assertThat(cache.get("k")).containsExactly("a");
  }

  @Test
  void put_evictedBeforeItsTime_neverExpires() {
    Cache<String, String> cache =
        caches.manager.createCache(
            "c",
            (WarrenConfiguration<String, String>)
                new WarrenConfiguration<String, String>()
                    .setMaxEntries(10)
                    .setExpiryPolicyFactory(
                        CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.SECONDS, 1))));
    Recording<String, String> events = Recording.of(cache);
    for (int i = 0; i < 1_000; i++) {
      cache.put("k" + i, "v");
    }
    caches.advance(2_000);
    caches.sweep();

    org.awaitility.Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(events.events.stream().filter(event -> event.startsWith("EXPIRED")))
                    .hasSize(10));
    assertThat(cache.unwrap(dev.warren.jcache.api.WarrenCache.class).size()).isZero();
  }

  @Test
  void setBounds_bothOrNone_saysWhatToDo() {
    assertThatThrownBy(
            () ->
                new WarrenConfiguration<String, String>()
                    .setMaxEntries(7)
                    .setMaxWeight(5, ByLength::new))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("both max-entries and max-weight")
        .hasMessageContaining("7")
        .hasMessageContaining("choose one");
    assertThatThrownBy(
            () ->
                new WarrenConfiguration<String, String>()
                    .setMaxWeight(5, ByLength::new)
                    .setMaxEntries(7))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new WarrenConfiguration<String, String>().setMaxEntries(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, but was 0");
  }

  @Test
  void createCache_replicatedWithABoundOfWeight_isRefused() {
    Properties settings = new Properties();
    settings.setProperty("warren.log", "memory:");
    settings.setProperty("warren.cluster", "c" + UUID.randomUUID());
    settings.setProperty("warren.epoch-grace", "20ms");
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), provider.getDefaultClassLoader(), settings);

    assertThatThrownBy(
            () ->
                manager.createCache(
                    "shared",
                    new WarrenConfiguration<String, String>().setMaxWeight(5, ByLength::new)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("\"shared\" is replicated")
        .hasMessageContaining("mode = local");
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void createCache_weigherThatIsNone_saysWhatItMustBe() throws Exception {
    CacheManager manager =
        managerOfFile(
            """
            warren.caches = [
              { name = missing, max-weight = 10, weigher = com.acme.Missing }
              { name = other, max-weight = 10, weigher = java.lang.Object }
            ]
            """);
    for (String name : List.of("missing", "other")) {
      assertThatThrownBy(
              () -> manager.createCache(name, new MutableConfiguration<String, String>()))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("weigher must name a public class")
          .hasMessageContaining("cache \"" + name + "\"")
          .hasMessageContaining(name.equals("other") ? "java.lang.Object" : "com.acme.Missing")
          .hasMessageContaining("correct");
    }
  }
}
