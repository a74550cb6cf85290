// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.jcache.api.WarrenMetrics.CacheMetrics;
import dev.warren.jcache.api.WarrenMetrics.MemberMetrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.cache.CacheManager;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each figure moves when what it counts happens, and only then. */
class MetricsTest {

  private final MemoryCluster cluster =
      new MemoryCluster("warren.epoch-grace", "100ms", "warren.member-timeout", "1s");

  private WarrenCacheManager node(String mode) {
    return cluster.node("warren.defaults.mode", mode);
  }

  private static WarrenCache<String, String> cache(CacheManager manager) {
    return MemoryCluster.ready(manager, MemoryCluster.texts());
  }

  private static MemberMetrics metrics(CacheManager manager) {
    return manager.unwrap(WarrenMetrics.class).memberMetrics();
  }

  private static ObjectName bean(String type, CacheManager manager, String more) throws Exception {
    String name = manager.getURI().toString().replace(':', '.');
    return new ObjectName("dev.warren:type=" + type + ",CacheManager=" + name + more);
  }

  @AfterEach
  void closeAll() {
    cluster.close();
  }

  @Test
  void memberMetrics_writesInOrder_onlyPositionAndAppliedMove() {
    CacheManager first = node("replicated");
    WarrenCache<String, String> one = cache(first);
    CacheManager second = node("replicated");
    cache(second);
    MemberMetrics before = metrics(second);
    for (int i = 0; i < 500; i++) {
      one.put("k" + i, "v");
    }
    one.barrier(PATIENCE);
    await()
        .atMost(PATIENCE)
        .until(() -> metrics(second).appliedEvents() >= before.appliedEvents() + 500);
    MemberMetrics after = metrics(second);
    assertThat(after.position()).isGreaterThan(before.position());
    assertThat(after.origin()).isNotBlank().isNotEqualTo(metrics(first).origin());
    assertThat(after.epoch()).isEqualTo(metrics(first).epoch());
    assertThat(after.duplicateEvents()).isZero();
    assertThat(after.beyondNextEvents()).isZero();
    assertThat(after.otherEpochEvents()).isZero();
    assertThat(after.refusedRecords()).isZero();
    assertThat(after.resynchronisations()).isZero();
    assertThat(after.lastCause()).isEmpty();
    await().atMost(PATIENCE).until(() -> metrics(first).outboxBytes() == 0);
  }

  @Test
  void memberMetrics_logAway_outboxAndLagGrowAndFall() {
    CacheManager first = node("replicated");
    WarrenCache<String, String> one = cache(first);
    cluster.broker.setUp(false);
    WarrenHealth health = first.unwrap(WarrenHealth.class);
    await().atMost(PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
    for (int i = 0; i < 50; i++) {
      one.put("k" + i, "v");
    }
    assertThat(metrics(first).outboxEvents()).isGreaterThanOrEqualTo(50);
    assertThat(metrics(first).outboxBytes()).isGreaterThan(50 * 32);
    await().atMost(PATIENCE).until(() -> metrics(first).lagMillis() > 1_500);
    cluster.broker.setUp(true);
    await().atMost(PATIENCE).until(() -> metrics(first).outboxBytes() == 0);
    await().atMost(PATIENCE).until(() -> metrics(first).lagMillis() < 1_000);
  }

  @Test
  void memberMetrics_appendsReturned_skippedEventsAreCountedOnAllNodes() {
    CacheManager first = node("replicated");
    WarrenCache<String, String> one = cache(first);
    CacheManager second = node("replicated");
    cache(second);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              cluster.broker.returnAppends(1);
              for (int i = 0; i < 2_000; i++) {
                one.put("k" + i, "v");
              }
              one.barrier(PATIENCE);
              return metrics(second).beyondNextEvents() > 0;
            });
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                metrics(first).beyondNextEvents() == metrics(second).beyondNextEvents()
                    && metrics(first).duplicateEvents() == metrics(second).duplicateEvents());
  }

  @Test
  void memberMetrics_logDeleted_resynchronisationHasCauseAndDuration() {
    CacheManager first = node("replicated");
    WarrenCache<String, String> one = cache(first);
    CacheManager second = node("replicated");
    WarrenCache<String, String> two = cache(second);
    one.put("k", "v");
    one.barrier(PATIENCE);
    two.barrier(PATIENCE);
    cluster.broker.deleteLog();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                metrics(first).resynchronisations() + metrics(second).resynchronisations() > 0
                    && one.isReady()
                    && two.isReady());
    MemberMetrics resynchronised =
        metrics(first).resynchronisations() > 0 ? metrics(first) : metrics(second);
    assertThat(resynchronised.lastCause()).isEqualTo("NEXT_EPOCH");
    assertThat(resynchronised.lastTook()).isBetween(Duration.ZERO, PATIENCE);
    assertThat(one.get("k")).isEqualTo("v").isEqualTo(two.get("k"));
  }

  @Test
  void cacheMetrics_sharedLocalAndUnknown_tellWhatTheyAre() {
    CacheManager first = node("replicated");
    WarrenCache<String, String> one = cache(first);
    one.put("k", "v");
    one.barrier(PATIENCE);
    WarrenMetrics metrics = first.unwrap(WarrenMetrics.class);
    CacheMetrics shared = metrics.cacheMetrics("c");
    assertThat(shared.shared()).isTrue();
    assertThat(shared.ready()).isTrue();
    assertThat(shared.position()).isNotNegative();
    assertThat(shared.entries()).isEqualTo(1);
    assertThat(shared.undecodable()).isZero();
    assertThatThrownBy(() -> metrics.cacheMetrics("no"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be open")
        .hasMessageContaining("\"no\"");
    CacheManager local = node("local");
    cache(local);
    assertThat(local.unwrap(WarrenMetrics.class).cacheMetrics("c"))
        .isEqualTo(new CacheMetrics(false, true, -1, 0, 0));
    try (WarrenCachingProvider provider = new WarrenCachingProvider()) {
      assertThat(metrics(provider.getCacheManager())).isEqualTo(MemberMetrics.NONE);
    }
  }

  @Test
  void beans_managementEnabled_areThereAndTellTheFigures() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    CacheManager manager = node("replicated");
    WarrenCache<String, String> one = cache(manager);
    one.put("k", "v");
    one.barrier(PATIENCE);
    manager.createCache("quoted \"name\"", MemoryCluster.texts());
    ObjectName member = bean("Member", manager, "");
    ObjectName cache = bean("Cache", manager, ",Cache=c");
    assertThat(server.isRegistered(member)).isFalse();
    manager.enableManagement("c", true);
    manager.enableManagement("quoted \"name\"", true);
    long before = metrics(manager).position(); // heartbeats move it
    assertThat((Long) server.getAttribute(member, "Position"))
        .isBetween(before, metrics(manager).position());
    assertThat(server.getAttribute(member, "State")).isEqualTo("READY");
    for (var attribute : server.getMBeanInfo(member).getAttributes()) {
      assertThat(server.getAttribute(member, attribute.getName()))
          .as(attribute.getName())
          .isNotNull();
    }
    assertThat(server.getMBeanInfo(member).getAttributes()).hasSize(17);
    assertThat(server.getAttribute(cache, "Entries")).isEqualTo(1L);
    assertThat(server.getAttribute(cache, "Ready")).isEqualTo(true);
    manager.enableManagement("c", false);
    assertThatThrownBy(() -> server.getAttribute(cache, "Entries"))
        .isInstanceOf(InstanceNotFoundException.class);
    assertThat(server.isRegistered(member)).as("another cache is still shown").isTrue();
    manager.getCache("quoted \"name\"").close();
    assertThat(server.isRegistered(member)).isFalse();
  }
}
