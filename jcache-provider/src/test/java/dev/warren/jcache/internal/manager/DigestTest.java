// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node says of itself: position, members and digest. */
class DigestTest {

  private final MemoryCluster cluster = new MemoryCluster();

  private WarrenCacheManager node(String mode) {
    return cluster.node("warren.defaults.mode", mode);
  }

  private WarrenCache<String, String> cache(String mode) {
    return MemoryCluster.ready(
        node(mode),
        MemoryCluster.texts()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new javax.cache.expiry.Duration(TimeUnit.HOURS, 1))));
  }

  private static Digest digest(WarrenCache<?, ?> cache) {
    return cache.digest(PATIENCE);
  }

  @AfterEach
  void closeAll() {
    cluster.close();
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
    cluster.broker.setUp(false);
    WarrenHealth health = one.getCacheManager().unwrap(WarrenHealth.class);
    await().atMost(PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
    one.put("k", "w");
    one.put("l", "w");
    assertThat(one.get("k")).isEqualTo("w");
    assertThat(digest(one).hash()).isEqualTo(before.hash());
    assertThat(digest(one).entries()).isEqualTo(1);
    cluster.broker.setUp(true);
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
    cluster.closeNode(0);
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
