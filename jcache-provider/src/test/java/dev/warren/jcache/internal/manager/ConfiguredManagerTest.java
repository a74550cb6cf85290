// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.sync.memory.MemoryBroker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration says reaches the managers and caches that are asked for by the API. */
class ConfiguredManagerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final WarrenCachingProvider provider = new WarrenCachingProvider();
  private final String cluster = "c" + UUID.randomUUID();

  @AfterEach
  void close() {
    provider.close();
  }

  private CacheManager manager(Properties properties) {
    return provider.getCacheManager(
        provider.getDefaultURI(), provider.getDefaultClassLoader(), properties);
  }

  private CacheManager managerOfFile(String text) throws IOException {
    URI file = Files.writeString(folder.resolve("some.conf"), text).toUri();
    return provider.getCacheManager(file, provider.getDefaultClassLoader());
  }

  private static Properties properties(String... pairs) {
    Properties properties = new Properties();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.setProperty(pairs[i], pairs[i + 1]);
    }
    return properties;
  }

  private static <V> Cache<String, V> cache(CacheManager manager, String name, Class<V> values) {
    return manager.createCache(
        name, new MutableConfiguration<String, V>().setTypes(String.class, values));
  }

  private static CompleteConfiguration<?, ?> configuration(Cache<?, ?> cache) {
    return typed(cache);
  }

  @SuppressWarnings("unchecked") // JCache asks for the raw class
  private static <K, V> CompleteConfiguration<K, V> typed(Cache<K, V> cache) {
    return cache.getConfiguration(CompleteConfiguration.class);
  }

  @Test
  void getCacheManager_unknownKey_isRefusedAndNothingIsLeft() {
    Properties wrong = properties("warren.clustre", "x");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> manager(wrong))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("warren.clustre")
          .hasMessageContaining("warren.cluster");
    }
    assertThat(manager(new Properties()).isClosed()).isFalse();
  }

  @Test
  void getCacheManager_uriOfAFile_readsItAndPropertiesWin() throws IOException {
    CacheManager local = managerOfFile("warren { cluster = " + cluster + " }");
    assertThat(local.unwrap(WarrenHealth.class).state()).isEqualTo(WarrenHealth.State.LOCAL);
    local.close();

    Path file =
        Files.writeString(
            folder.resolve("node.conf"),
            "warren { cluster = unused, log = \"memory:\", epoch-grace = 20ms }");
    CacheManager node =
        provider.getCacheManager(
            file.toUri(), provider.getDefaultClassLoader(), properties("warren.cluster", cluster));
    cache(node, "c", String.class).unwrap(WarrenCache.class).awaitReady(PATIENCE);
    assertThat(node.unwrap(WarrenHealth.class).state()).isEqualTo(WarrenHealth.State.READY);
    assertThat(MemoryBroker.named("/" + cluster)).isNotNull();
  }

  @Test
  void getCacheManager_fileWithAnUnknownKey_namesFileAndLine() {
    assertThatThrownBy(() -> managerOfFile("warren {\n  outbox { max-event = 3 }\n}"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("warren.outbox.max-event")
        .hasMessageContaining("some.conf: 2");
  }

  @Test
  void getCacheManager_systemProperty_isRead() {
    System.setProperty("warren.cluster", "no such name");
    try {
      assertThatThrownBy(() -> manager(new Properties()))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("no such name");
    } finally {
      System.clearProperty("warren.cluster");
    }
  }

  @Test
  void createCache_ruleWithExpiry_countsWhereTheCodeSaysNothing() throws IOException {
    CacheManager manager =
        managerOfFile("warren.caches = [ { name = \"rates*\", expiry.created = 10m } ]");

    Cache<String, String> silent = cache(manager, "rates.eur", String.class);
    Cache<String, String> other = cache(manager, "other", String.class);
    Cache<String, String> said =
        manager.createCache(
            "rates.usd",
            new MutableConfiguration<String, String>()
                .setExpiryPolicyFactory(
                    TouchedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_DAY)));

    assertThat(configuration(silent).getExpiryPolicyFactory())
        .isEqualTo(
            CreatedExpiryPolicy.factoryOf(new javax.cache.expiry.Duration(TimeUnit.MINUTES, 10)));
    assertThat(configuration(other).getExpiryPolicyFactory())
        .isEqualTo(EternalExpiryPolicy.factoryOf());
    assertThat(configuration(said).getExpiryPolicyFactory())
        .isEqualTo(TouchedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_DAY));
  }

  @Test
  void createCache_ruleWithABound_keepsItAndCountsEvictions() throws Exception {
    CacheManager manager = managerOfFile("warren.caches = [ { name = small, max-entries = 10 } ]");
    Cache<String, Integer> small =
        manager.createCache(
            "small",
            new MutableConfiguration<String, Integer>()
                .setTypes(String.class, Integer.class)
                .setStatisticsEnabled(true));
    Cache<String, Integer> large = cache(manager, "large", Integer.class);
    for (int i = 0; i < 1_000; i++) {
      small.put("k" + i, i);
      large.put("k" + i, i);
    }
    assertThat(small).hasSizeLessThanOrEqualTo(10);
    ObjectName bean =
        ManagementFactory.getPlatformMBeanServer()
            .queryNames(
                ObjectName.getInstance("javax.cache:type=CacheStatistics,Cache=small,*"), null)
            .iterator()
            .next();
    assertThat(
            (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "CacheEvictions"))
        .isGreaterThanOrEqualTo(990);
    assertThat(large).hasSize(1_000);
  }

  @Test
  void createCache_ruleWithModeLocal_isNotShared() throws IOException {
    Properties node =
        properties(
            "warren.cluster", cluster, "warren.log", "memory:", "warren.epoch-grace", "20ms");
    URI file =
        Files.writeString(folder.resolve("n.conf"), "warren.caches=[{name=mine,mode=local}]")
            .toUri();
    try (WarrenCachingProvider second = new WarrenCachingProvider()) {
      CacheManager one = provider.getCacheManager(file, provider.getDefaultClassLoader(), node);
      CacheManager two = second.getCacheManager(file, provider.getDefaultClassLoader(), node);
      Cache<String, String> mine = cache(one, "mine", String.class);
      Cache<String, String> ours = cache(one, "ours", String.class);
      Cache<String, String> mineThere = cache(two, "mine", String.class);
      Cache<String, String> oursThere = cache(two, "ours", String.class);
      ours.unwrap(WarrenCache.class).awaitReady(PATIENCE);
      oursThere.unwrap(WarrenCache.class).awaitReady(PATIENCE);
      mine.put("k", "v");
      ours.put("k", "v");
      ours.unwrap(WarrenCache.class).barrier(PATIENCE);
      oursThere.unwrap(WarrenCache.class).barrier(PATIENCE);
      assertThat(oursThere.get("k")).isEqualTo("v");
      assertThat(mineThere.get("k")).isNull();
    }
  }

  @Test
  void put_moreThanTheOutboxHolds_waitsForRoomInsteadOfFailing() {
    CacheManager manager =
        manager(
            properties(
                "warren.cluster", cluster,
                "warren.log", "memory:",
                "warren.epoch-grace", "20ms",
                "warren.outbox.max-events", "50"));
    Cache<String, Integer> cache = cache(manager, "c", Integer.class);
    cache.unwrap(WarrenCache.class).awaitReady(PATIENCE);
    for (int i = 0; i < 2_000; i++) {
      cache.put("k" + i, i);
    }
    assertThat(cache.iterator()).toIterable().hasSize(2_000);
  }

  @Test
  void put_outboxFullAndBrokerAway_failsAtOnceAndChangesNothing() {
    CacheManager manager =
        manager(
            properties(
                "warren.cluster", cluster,
                "warren.log", "memory:",
                "warren.epoch-grace", "20ms",
                "warren.write-timeout", "1h",
                "warren.close-timeout", "0s",
                "warren.outbox.max-events", "5"));
    Cache<String, Integer> cache = cache(manager, "c", Integer.class);
    cache.unwrap(WarrenCache.class).awaitReady(PATIENCE);
    MemoryBroker.named("/" + cluster).setUp(false);
    org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> manager.unwrap(WarrenHealth.class).state() == WarrenHealth.State.DEGRADED);
    for (int i = 0; i < 5; i++) {
      cache.put("k" + i, i);
    }
    assertThatThrownBy(() -> cache.put("one more", 1))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("outbox.max-events");
    assertThat(cache.containsKey("one more")).isFalse();
    assertThat(cache).hasSize(5);
  }
}
