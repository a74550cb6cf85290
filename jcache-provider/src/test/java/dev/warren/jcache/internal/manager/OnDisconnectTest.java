// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What shared caches refuse while their node cannot reach its log. */
class OnDisconnectTest {

  private static final EntryProcessor<String, String, String> READS = (e, args) -> e.getValue();

  private static final MutableConfiguration<String, String> PLAIN =
      new MutableConfiguration<String, String>().setTypes(String.class, String.class);

  private final String name = "c" + UUID.randomUUID();

  private static Map<String, Consumer<Cache<String, String>>> changes() {
    Map<String, Consumer<Cache<String, String>>> all = new LinkedHashMap<>();
    all.put("put", c -> c.put("k", "x"));
    all.put("getAndPut", c -> c.getAndPut("k", "x"));
    all.put("putAll", c -> c.putAll(Map.of("k", "x", "l", "x")));
    all.put("putIfAbsent", c -> c.putIfAbsent("new", "x"));
    all.put("remove", c -> c.remove("k"));
    all.put("remove value", c -> c.remove("k", "v"));
    all.put("getAndRemove", c -> c.getAndRemove("k"));
    all.put("replace", c -> c.replace("k", "x"));
    all.put("replace value", c -> c.replace("k", "v", "x"));
    all.put("getAndReplace", c -> c.getAndReplace("k", "x"));
    all.put("removeAll keys", c -> c.removeAll(Set.of("k")));
    all.put("removeAll", c -> c.removeAll());
    all.put("clear", Cache::clear);
    all.put("invoke", c -> c.invoke("k", READS));
    all.put("invokeAll", c -> c.invokeAll(Set.of("k"), READS));
    all.put("loadAll", c -> c.loadAll(Set.of("k"), true, null));
    return all;
  }

  private static Map<String, Consumer<Cache<String, String>>> reads() {
    Map<String, Consumer<Cache<String, String>>> all = new LinkedHashMap<>();
    all.put("get", c -> c.get("k"));
    all.put("getAll", c -> c.getAll(Set.of("k")));
    all.put("containsKey", c -> c.containsKey("k"));
    all.put("iterator", c -> assertThat(c.iterator()).isNotNull());
    return all;
  }

  private BackedCluster.Node node(BackedCluster cluster, String policy) {
    BackedCluster.Node node =
        cluster
        .new Node(
            cluster.manager("warren.defaults.on-disconnect", policy),
            name,
            BackedCluster.configuration().setStatisticsEnabled(true));
    node.warren().awaitReady(BackedCluster.PATIENCE);
    return node;
  }

  private Map<String, Object> statistics() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean =
        server
            .queryNames(
                new ObjectName("javax.cache:type=CacheStatistics,Cache=" + name + ",*"), null)
            .iterator()
            .next();
    Map<String, Object> figures = new TreeMap<>();
    for (Attribute each :
        server
            .getAttributes(
                bean,
                new String[] {
                  "CacheHits", "CacheMisses", "CachePuts", "CacheRemovals", "CacheGets"
                })
            .asList()) {
      figures.put(each.getName(), each.getValue());
    }
    return figures;
  }

  private void assertRefused(
      Cache<String, String> cache,
      Map<String, Consumer<Cache<String, String>>> operations,
      String purpose,
      String policy) {
    operations.forEach(
        (operation, run) ->
            assertThatThrownBy(() -> run.accept(cache))
                .as(operation)
                .isExactlyInstanceOf(CacheException.class)
                .hasMessageContaining(
                    "cache \"%s\" must reach its log to be %s (on-disconnect = %s)"
                        .formatted(name, purpose, policy))
                .hasMessageContaining("stopped")
                .hasMessageContaining("set on-disconnect = serve"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"replicated", "invalidation"})
  void readOnly_logAway_changesFailWithoutAnyEffect(String mode) throws Exception {
    try (BackedCluster cluster = new BackedCluster(mode)) {
      BackedCluster.Node node = node(cluster, "read-only");
      Cache<String, String> cache = node.warren();
      cache.put("k", "v");
      Recording<String, String> heard = Recording.of(cache);
      cluster.cutOff(node);
      Map<String, String> stored = Map.copyOf(cluster.database);
      Map<String, Object> before = statistics();

      assertRefused(cache, changes(), "changed", "read-only");
      Iterator<Cache.Entry<String, String>> entries = cache.iterator();
      assertThat(statistics()).isEqualTo(before);
      entries.next();
      assertThatThrownBy(entries::remove).isExactlyInstanceOf(CacheException.class);
      assertThat(cluster.database).isEqualTo(stored);
      assertThat(heard.events).isEmpty();
      assertThat(cache.get("k")).isEqualTo("v");
      assertThat(cache.getAll(Set.of("k"))).isEqualTo(Map.of("k", "v"));
      assertThat(cache.containsKey("k")).isTrue();

      cluster.broker.setUp(true);
      await().atMost(BackedCluster.PATIENCE).until(() -> node.manager.reason().isEmpty());
      entries.remove();
      assertThat(cache.containsKey("k")).isFalse();
      changes()
          .forEach(
              (operation, run) ->
                  assertThatCode(() -> run.accept(cache)).as(operation).doesNotThrowAnyException());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"replicated", "invalidation"})
  void fail_logAway_readsFailToo(String mode) throws Exception {
    try (BackedCluster cluster = new BackedCluster(mode)) {
      BackedCluster.Node node = node(cluster, "fail");
      Cache<String, String> cache = node.warren();
      cache.put("k", "v");
      Iterator<Cache.Entry<String, String>> entries = cache.iterator();
      assertThat(entries.hasNext()).isTrue();
      cluster.cutOff(node);
      Map<String, Object> before = statistics();

      assertRefused(cache, changes(), "changed", "fail");
      assertRefused(cache, reads(), "read", "fail");
      assertThatThrownBy(entries::next).isExactlyInstanceOf(CacheException.class);
      assertThat(statistics()).isEqualTo(before);

      cluster.broker.setUp(true);
      await().atMost(BackedCluster.PATIENCE).until(() -> node.manager.reason().isEmpty());
      assertThat(entries.next().getKey()).isEqualTo("k");
      reads()
          .forEach(
              (operation, run) ->
                  assertThatCode(() -> run.accept(cache)).as(operation).doesNotThrowAnyException());
    }
  }

  /** JSR-107 first: a closed cache, then what must not be null. */
  @ParameterizedTest
  @ValueSource(strings = {"read-only", "fail"})
  @SuppressWarnings("NullAway") // what is refused
  void anyPolicy_closedOrNull_isSaidFirst(String policy) {
    try (BackedCluster cluster = new BackedCluster("replicated")) {
      BackedCluster.Node node = node(cluster, policy);
      Cache<String, String> cache = node.warren();
      cluster.cutOff(node);
      List<Consumer<Cache<String, String>>> withNull =
          List.of(
              c -> c.get(null),
              c -> c.containsKey(null),
              c -> c.getAll(null),
              c -> c.put("k", null),
              c -> c.putAll(null),
              c -> c.putIfAbsent(null, "v"),
              c -> c.remove(null),
              c -> c.replace("k", "v", null),
              c -> c.removeAll(null),
              c -> c.loadAll(null, true, null),
              c -> c.invoke("k", null),
              c -> c.invokeAll(null, READS));
      withNull.forEach(
          run ->
              assertThatThrownBy(() -> run.accept(cache)).isInstanceOf(NullPointerException.class));
      cache.close();
      assertThat(cache.isClosed()).isTrue();
      changes()
          .forEach(
              (operation, run) ->
                  assertThatThrownBy(() -> run.accept(cache))
                      .as(operation)
                      .isInstanceOf(IllegalStateException.class));
    }
  }

  /** A node that never had a connection knows nothing of the others' writes: as if cut off. */
  @ParameterizedTest
  @CsvSource({"read-only,replicated", "fail,replicated", "fail,invalidation"})
  void start_everythingDown_cachesOpenAndRefuse(String policy, String mode) {
    try (BackedCluster cluster = new BackedCluster(mode)) {
      cluster.broker.setUp(false);
      WarrenCacheManager manager = cluster.manager("warren.defaults.on-disconnect", policy);
      await().atMost(BackedCluster.PATIENCE).until(() -> manager.reason().contains("stopped"));
      Cache<String, String> cache = manager.createCache(name, PLAIN);
      assertRefused(cache, changes(), "changed", policy);
      assertThatThrownBy(() -> manager.destroyCache(name)).isInstanceOf(CacheException.class);
      assertThat(cache.isClosed()).isTrue();
      Cache<String, String> again = manager.createCache(name, PLAIN);
      cluster.broker.setUp(true);
      await().atMost(BackedCluster.PATIENCE).until(() -> manager.reason().isEmpty());
      again.put("k", "v");
      assertThat(again.get("k")).isEqualTo("v");
    }
  }
}
