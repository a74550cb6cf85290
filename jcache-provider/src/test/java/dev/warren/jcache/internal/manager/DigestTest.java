// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.sync.memory.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node says of itself: position, members and digest. */
class DigestTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "d" + UUID.randomUUID();
  private final MemoryBroker broker = MemoryBroker.named("/" + cluster);
  private final List<WarrenCachingProvider> providers = new ArrayList<>();

  private CacheManager node(String mode) {
    WarrenCachingProvider provider = new WarrenCachingProvider();
    providers.add(provider);
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", "memory:");
    settings.setProperty("warren.defaults.mode", mode);
    return provider.getCacheManager(
        provider.getDefaultURI(), provider.getDefaultClassLoader(), settings);
  }

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  private WarrenCache<String, String> cache(String mode) {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new javax.cache.expiry.Duration(TimeUnit.HOURS, 1)));
    WarrenCache<String, String> cache =
        node(mode).createCache("c", configuration).unwrap(WarrenCache.class);
    cache.awaitReady(PATIENCE);
    return cache;
  }

  private static Digest digest(WarrenCache<?, ?> cache) {
    return cache.digest(PATIENCE);
  }

  @AfterEach
  void closeAll() {
    providers.forEach(WarrenCachingProvider::close);
  }

  @Test
  void digest_threeNodesAfterRandomWrites_equalAtEqualPositions() {
    List<WarrenCache<String, String>> nodes =
        List.of(cache("replicated"), cache("replicated"), cache("replicated"));
    Random random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      WarrenCache<String, String> node = nodes.get(random.nextInt(3));
      String key = "k" + random.nextInt(200);
      if (random.nextInt(4) == 0) {
        node.remove(key);
      } else {
        node.put(key, "v" + random.nextInt());
      }
    }
    nodes.forEach(node -> node.barrier(PATIENCE));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Digest first = digest(nodes.get(0));
              assertThat(first.entries()).isPositive();
              assertThat(digest(nodes.get(1))).isEqualTo(first);
              assertThat(digest(nodes.get(2))).isEqualTo(first);
            });
    Digest before = digest(nodes.get(0));
    nodes.get(1).put("k0", "another");
    await().atMost(PATIENCE).until(() -> digest(nodes.get(0)).hash() != before.hash());
  }

  @Test
  void digest_ownWriteUnderWay_isNotInIt() {
    WarrenCache<String, String> one = cache("replicated");
    one.put("k", "v");
    one.barrier(PATIENCE);
    Digest before = digest(one);
    broker.setUp(false);
    WarrenHealth health = one.getCacheManager().unwrap(WarrenHealth.class);
    await().atMost(PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
    one.put("k", "w");
    one.put("l", "w");
    assertThat(one.get("k")).isEqualTo("w");
    assertThat(digest(one).hash()).isEqualTo(before.hash());
    assertThat(digest(one).entries()).isEqualTo(1);
    broker.setUp(true);
    one.barrier(PATIENCE);
    assertThat(digest(one).entries()).isEqualTo(2);
  }

  @Test
  void position_writeApplied_hasRisen() {
    WarrenCache<String, String> one = cache("replicated");
    long before = one.position();
    assertThat(before).isNotNegative();
    one.put("k", "v");
    one.barrier(PATIENCE);
    await("the position is told behind the batch")
        .atMost(PATIENCE)
        .until(() -> one.position() > before);
  }

  @Test
  void members_comeAndGo_allAreNamedAndOneIsSelf() {
    WarrenCache<String, String> one = cache("replicated");
    WarrenCache<String, String> two = cache("replicated");
    await()
        .atMost(PATIENCE)
        .until(() -> one.members().stream().filter(m -> m.ready()).count() == 2);
    await()
        .atMost(PATIENCE)
        .until(() -> two.members().stream().filter(m -> m.ready()).count() == 2);
    assertThat(one.members()).extracting(ClusterMember::self).containsExactly(true, false);
    assertThat(two.members()).extracting(ClusterMember::self).containsExactly(false, true);
    assertThat(one.members())
        .extracting(ClusterMember::origin)
        .isEqualTo(two.members().stream().map(ClusterMember::origin).toList())
        .doesNotHaveDuplicates();
    assertThat(one.members()).extracting(ClusterMember::name).noneMatch(String::isBlank);
    providers.get(0).close();
    await().atMost(PATIENCE).until(() -> two.members().size() == 1);
    assertThat(two.members().get(0).self()).isTrue();
  }

  @Test
  void digest_localCache_isNone() {
    WarrenCache<String, String> local = cache("local");
    local.put("k", "v");
    assertThat(local.position()).isEqualTo(-1);
    assertThat(local.members()).isEmpty();
    assertThat(digest(local)).isEqualTo(Digest.NONE);
  }
}
