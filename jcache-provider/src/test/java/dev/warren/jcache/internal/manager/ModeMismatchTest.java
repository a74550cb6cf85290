// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.BackedCluster.PATIENCE;
import static dev.warren.jcache.internal.manager.MemoryCluster.warren;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenHealth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that open one cache in different modes. */
class ModeMismatchTest {

  private final BackedCluster cluster = new BackedCluster("replicated");

  @AfterEach
  void close() {
    cluster.close();
  }

  private WarrenCacheManager manager(String mode, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "warren.defaults.mode";
    all[1] = mode;
    System.arraycopy(more, 0, all, 2, more.length);
    return cluster.manager(all);
  }

  private static Cache<String, String> open(WarrenCacheManager manager, String name) {
    return manager.createCache(name, MemoryCluster.texts());
  }

  private static Cache<String, String> ready(WarrenCacheManager manager, String name) {
    Cache<String, String> cache = open(manager, name);
    warren(cache).awaitReady(PATIENCE);
    warren(cache).barrier(PATIENCE);
    return cache;
  }

  private static Set<String> keys(Cache<String, String> cache) {
    Set<String> found = new HashSet<>();
    cache.forEach(entry -> found.add(entry.getKey()));
    return found;
  }

  @Test
  void createCache_otherModeStands_isRefusedAtOnceAndLeavesNothing() {
    Cache<String, String> one = ready(manager("replicated"), "c");
    one.put("k", "v");
    WarrenCacheManager other = manager("invalidation");
    ready(other, "ready");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> open(other, "c"))
          .isExactlyInstanceOf(CacheException.class)
          .hasMessageContaining("WRN-0218 cache \"c\" must have one mode on all members")
          .hasMessageContaining("is invalidation here and replicated on ")
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()))
          .hasMessageContaining("set the same mode everywhere");
    }
    assertThat(other.getCacheNames()).containsExactly("ready");
    assertThat(other.state()).isEqualTo(WarrenHealth.State.READY);
    assertThat(one.get("k")).isEqualTo("v");

    one.close();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(CacheException.class)
        .until(() -> !open(other, "c").isClosed());
  }

  @Test
  void createCache_sameModeOrLocal_isNotRefused() {
    Cache<String, String> one = ready(manager("invalidation"), "c");
    Cache<String, String> same = ready(manager("invalidation"), "c");
    Cache<String, String> local = open(manager("local"), "c");
    local.put("k", "v");
    one.put("k", "w");
    same.get("k");
    assertThat(local.get("k")).isEqualTo("v");
  }

  @Test
  void createCache_closedInOneModeAndOpenedInTheOtherByAnother_isNotRefused() {
    WarrenCacheManager first = manager("replicated");
    WarrenCacheManager second = manager("invalidation");
    ready(second, "ready");
    for (int i = 0; i < 10; i++) {
      ready(first, "c").close();
      warren(ready(first, "x" + i)).barrier(PATIENCE);
      warren(ready(second, "y" + i)).barrier(PATIENCE);
      open(second, "c").close();
      warren(ready(second, "z" + i)).barrier(PATIENCE);
      warren(ready(first, "w" + i)).barrier(PATIENCE);
    }
  }

  /** Both say so while they cannot hear each other: the log decides, and one of them stops. */
  @Test
  void bothOpenedBeforeTheyWereConnected_oneStopsAndNothingOfItIsSent() {
    cluster.broker.setUp(false);
    List<WarrenCacheManager> managers = List.of(manager("replicated"), manager("invalidation"));
    List<Cache<String, String>> caches = managers.stream().map(m -> open(m, "c")).toList();
    for (int i = 0; i < 2; i++) {
      for (int k = 0; k < 100; k++) {
        caches.get(i).put(i + "-" + k, "v");
      }
    }
    cluster.broker.setUp(true);
    managers.forEach(m -> await().atMost(PATIENCE).until(() -> m.memberMetrics().position() > 0));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                managers.stream().anyMatch(m -> m.state() == WarrenHealth.State.DEGRADED)
                    && managers.stream().anyMatch(m -> m.reason().contains("WRN-0218")));
    int refused = managers.get(0).reason().contains("WRN-0218") ? 0 : 1;
    Cache<String, String> stopped = caches.get(refused);
    Cache<String, String> stands = caches.get(1 - refused);
    warren(stands).awaitReady(PATIENCE);
    warren(stands).barrier(PATIENCE);

    Set<String> own = new HashSet<>();
    if (refused == 1) { // an invalidation cache drops what it held before its first memory
      IntStream.range(0, 100).forEach(k -> own.add("0-" + k));
    }
    assertThat(keys(stands)).isEqualTo(own);
    assertThat(cluster.logged()).isEqualTo(Map.of(refused == 1 ? "Put" : "Invalidate", 100));
    List<Runnable> operations =
        List.of(
            () -> stopped.get("k"),
            () -> stopped.put("k", "v"),
            stopped::clear,
            () -> assertThat(stopped.iterator()).isNotNull(),
            () -> stopped.containsKey("k"),
            () -> stopped.invoke("k", (e, args) -> e.getValue()),
            () -> stopped.loadAll(Set.of("k"), true, null));
    operations.forEach(
        operation ->
            assertThatThrownBy(operation::run)
                .isExactlyInstanceOf(CacheException.class)
                .hasMessageContaining("WRN-0218"));
    assertThat(managers.get(refused).memberMetrics().outboxEvents()).isZero();
    assertThat(stopped.isClosed()).isFalse();
    managers.get(refused).destroyCache("c");
    assertThat(stopped.isClosed()).isTrue();
    assertThat(keys(stands)).as("the cluster's stay").isEqualTo(own);
    await().atMost(PATIENCE).until(() -> managers.get(refused).state() == WarrenHealth.State.READY);
  }

  @Test
  void refusedWhileAWriteWaits_theWriteFailsWithTheSameWords() {
    Cache<String, String> one = ready(manager("replicated"), "c");
    cluster.broker.setUp(false);
    WarrenCacheManager other = manager("invalidation", "warren.defaults.write-ack", "log");
    Cache<String, String> late = open(other, "c");
    CompletableFuture<Void> write = CompletableFuture.runAsync(() -> late.put("k", "v"));
    await().atMost(PATIENCE).until(() -> other.memberMetrics().outboxEvents() > 0);
    cluster.broker.setUp(true);
    assertThatThrownBy(write::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(CacheException.class)
        .hasMessageContaining("WRN-0218");
    assertThat(one.get("k")).isNull();
  }

  @Test
  void newEpoch_membersSayAnewWhatTheyHaveOpen() {
    Cache<String, String> one = ready(manager("replicated"), "c");
    Cache<String, String> two = ready(manager("replicated"), "c");
    cluster.broker.deleteLog();
    one.put("k", "v");
    await().atMost(PATIENCE).until(() -> "v".equals(two.get("k")));
    WarrenCacheManager other = manager("invalidation");
    ready(other, "ready");
    assertThatThrownBy(() -> open(other, "c"))
        .isExactlyInstanceOf(CacheException.class)
        .hasMessageContaining("WRN-0218");
  }
}
