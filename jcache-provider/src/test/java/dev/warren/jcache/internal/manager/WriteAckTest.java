// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When writes return, by {@code write-ack}; member by member in {@code AcknowledgementsTest}. */
class WriteAckTest {

  private final MemoryCluster cluster = new MemoryCluster("warren.epoch-grace", "100ms");

  private WarrenCache<String, String> cache(String... more) {
    return MemoryCluster.ready(cluster.node(more), MemoryCluster.texts());
  }

  private void stopBroker(Cache<?, ?> cache) {
    cluster.broker.setUp(false);
    WarrenHealth health = cache.getCacheManager().unwrap(WarrenHealth.class);
    await().atMost(PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
  }

  private static void awaitMembers(int count, List<WarrenCache<String, String>> caches) {
    for (WarrenCache<String, String> cache : caches) {
      await()
          .atMost(PATIENCE)
          .until(() -> cache.members().stream().filter(m -> m.ready()).count() == count);
    }
  }

  /** Every way to change a cache that holds k=v, x=v and y=v. */
  private static Map<String, Consumer<Cache<String, String>>> writes() {
    Map<String, Consumer<Cache<String, String>>> writes = new LinkedHashMap<>();
    writes.put("put", c -> c.put("k", "1"));
    writes.put("getAndPut", c -> c.getAndPut("k", "2"));
    writes.put("putIfAbsent", c -> c.putIfAbsent("l", "3"));
    writes.put("replace", c -> c.replace("k", "4"));
    writes.put("replaceValue", c -> c.replace("k", "4", "5"));
    writes.put("getAndReplace", c -> c.getAndReplace("k", "6"));
    writes.put("putAll", c -> c.putAll(Map.of("m", "7", "n", "8")));
    writes.put("remove", c -> c.remove("k"));
    writes.put("removeValue", c -> c.remove("l", "3"));
    writes.put("getAndRemove", c -> c.getAndRemove("m"));
    writes.put(
        "invoke",
        c ->
            c.invoke(
                "o",
                (entry, arguments) -> {
                  entry.setValue("9");
                  return "";
                }));
    writes.put(
        "invokeAll",
        c ->
            c.invokeAll(
                Set.of("p", "q"),
                (entry, arguments) -> {
                  entry.setValue("10");
                  return "";
                }));
    writes.put(
        "iterator.remove",
        c -> {
          var entries = c.iterator();
          entries.next();
          entries.remove();
        });
    writes.put("removeAllKeys", c -> c.removeAll(Set.of("p", "q")));
    writes.put("removeAll", Cache::removeAll);
    writes.put("clear", Cache::clear);
    return writes;
  }

  @AfterEach
  void closeAll() {
    cluster.close();
  }

  @Test
  void write_ackLogAndLogAway_everyOperationFailsAsOutcomeUnknown() {
    WarrenCache<String, String> one =
        cache("warren.defaults.write-ack", "log", "warren.write-timeout", "250ms");
    await("acknowledged in time")
        .ignoreExceptions()
        .until(
            () -> {
              one.putAll(Map.of("k", "v", "l", "v"));
              return true;
            });
    stopBroker(one);
    writes()
        .forEach(
            (name, write) ->
                assertThatThrownBy(() -> write.accept(one))
                    .as(name)
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining(
                        "a write to cache \"c\" must be applied from the log within 250 ms (warren.write-timeout), but it was not (")
                    .hasMessageContaining("stopped")
                    .hasMessageContaining("its outcome is unknown"));
    assertThat(one.containsKey("k")).as("reads do not wait").isFalse();
  }

  @Test
  void write_ackLogAndLogComesBack_returnsThen() {
    WarrenCache<String, String> one = cache("warren.defaults.write-ack", "log");
    stopBroker(one);
    CompletableFuture<Void> put = CompletableFuture.runAsync(() -> one.put("k", "v"));
    await().during(Duration.ofMillis(300)).until(() -> !put.isDone());
    cluster.broker.setUp(true);
    assertThat(put).succeedsWithin(PATIENCE);
    assertThat(one.digest(PATIENCE).entries()).as("it is in the log state").isEqualTo(1);
  }

  @Test
  void write_ackAll_othersReadItAtOnce() {
    WarrenCache<String, String> one = cache("warren.defaults.write-ack", "all");
    WarrenCache<String, String> two = cache();
    WarrenCache<String, String> three = cache();
    awaitMembers(3, List.of(one, two, three));
    for (int i = 0; i < 200; i++) {
      one.put("k", "v" + i);
      assertThat(two.get("k")).isEqualTo("v" + i);
      assertThat(three.get("k")).isEqualTo("v" + i);
    }
    one.putAll(
        IntStream.range(0, 1000).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v" + i)));
    assertThat(two.size()).isEqualTo(1001);
    one.removeAll();
    assertThat(three.size()).isZero();
    one.put("k", "v");
    one.clear();
    assertThat(two.containsKey("k")).isFalse();
  }

  @Test
  void write_ackAllBothNodesAtOnce_noneHangs() {
    WarrenCache<String, String> one = cache("warren.defaults.write-ack", "all");
    WarrenCache<String, String> two = cache("warren.defaults.write-ack", "all");
    awaitMembers(2, List.of(one, two));
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      WarrenCache<String, String> node = t % 2 == 0 ? one : two;
      String key = "k" + t / 2;
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 100; i++) {
                  node.put(key, "v" + i);
                }
              }));
    }
    threads.forEach(thread -> assertThat(thread).succeedsWithin(PATIENCE));
    assertThat(one.get("k0")).isEqualTo("v99").isEqualTo(two.get("k0"));
  }

  @Test
  void write_ackAllAndMemberKilled_returnsWhenItIsSuspected() {
    WarrenCache<String, String> one =
        cache("warren.defaults.write-ack", "all", "warren.member-timeout", "1s");
    WarrenCache<String, String> two = cache("warren.close-timeout", "0s");
    awaitMembers(2, List.of(one, two));
    cluster.closeNode(1);
    one.put("k", "v");
    assertThat(one.members()).hasSize(1);
    assertThat(one.get("k")).isEqualTo("v");
  }

  @Test
  void write_ackAllAndMemberSilent_timesOutNamingIt() {
    WarrenCache<String, String> one =
        cache("warren.defaults.write-ack", "all", "warren.write-timeout", "2s");
    WarrenCache<String, String> two = cache("warren.close-timeout", "0s");
    awaitMembers(2, List.of(one, two));
    String silent = one.members().get(1).origin();
    cluster.closeNode(1);
    assertThatThrownBy(() -> one.put("k", "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("must be applied by every member within 2,000 ms")
        .hasMessageContaining("not by ")
        .hasMessageContaining(silent)
        .hasMessageContaining("its outcome is unknown");
    assertThat(one.digest(PATIENCE).entries()).as("it has taken effect here").isEqualTo(1);
  }

  @Test
  void write_ackLocal_neverWaits() {
    WarrenCache<String, String> one = cache("warren.write-timeout", "10ms");
    await("acknowledged in time")
        .ignoreExceptions()
        .until(
            () -> {
              one.putAll(Map.of("k", "v", "l", "v"));
              return true;
            });
    stopBroker(one);
    writes().values().forEach(write -> write.accept(one));
  }
}
