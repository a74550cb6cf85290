// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static dev.warren.jcache.internal.manager.MemoryCluster.texts;
import static dev.warren.jcache.internal.manager.MemoryCluster.warren;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenHealth;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Managers of one cluster in this JVM, each a node of its own, through the JCache API. */
class ReplicatedCacheTest {

  private final MemoryCluster cluster = new MemoryCluster("warren.defaults.mode", "replicated");

  private WarrenCacheManager node(String... more) {
    return cluster.node(more);
  }

  private static Cache<String, String> ready(CacheManager manager) {
    return MemoryCluster.ready(manager, texts());
  }

  private static Set<String> contents(Cache<String, String> cache) {
    Set<String> found = new HashSet<>();
    cache.forEach(entry -> found.add(entry.getKey() + "=" + entry.getValue()));
    return found;
  }

  @AfterEach
  void closeAll() {
    cluster.close();
  }

  @Test
  void put_onOneNode_readOnTheOther() {
    Cache<String, String> one = ready(node());
    Cache<String, String> two = ready(node());
    one.put("k", "v");
    assertThat(one.get("k")).as("seen at once on its own node").isEqualTo("v");
    await().atMost(PATIENCE).until(() -> "v".equals(two.get("k")));
    two.remove("k");
    assertThat(two.containsKey("k")).isFalse();
    await().atMost(PATIENCE).until(() -> !one.containsKey("k"));
  }

  @Test
  void statistics_ownOperations_areCounted() throws Exception {
    String name = "counted-" + cluster.name;
    Cache<String, String> cache = node().createCache(name, texts().setStatisticsEnabled(true));
    warren(cache).awaitReady(PATIENCE);
    cache.put("a", "v");
    cache.putAll(Map.of("b", "v", "c", "v"));
    cache.get("a");
    cache.get("absent");
    cache.remove("a");
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName pattern = new ObjectName("javax.cache:type=CacheStatistics,Cache=" + name + ",*");
    ObjectName bean = server.queryNames(pattern, null).iterator().next();
    assertThat(server.getAttribute(bean, "CachePuts")).isEqualTo(3L);
    assertThat(server.getAttribute(bean, "CacheHits")).isEqualTo(1L);
    assertThat(server.getAttribute(bean, "CacheMisses")).isEqualTo(1L);
    assertThat(server.getAttribute(bean, "CacheRemovals")).isEqualTo(1L);
  }

  @Test
  @SuppressWarnings("StringConstructor") // an object of its own
  void put_byReference_staysThatObjectBehindTheLog() {
    Cache<String, String> cache = node().createCache("c", texts().setStoreByValue(false));
    warren(cache).awaitReady(PATIENCE);
    String value = new String("v");
    cache.put("k", value);
    warren(cache).barrier(PATIENCE);
    assertThat(cache.get("k")).isSameAs(value);
  }

  @Test
  void write_bothNodesSameKeys_endEqual() {
    Cache<String, String> one = ready(node());
    Cache<String, String> two = ready(node());
    for (int i = 0; i < 2000; i++) {
      (i % 2 == 0 ? one : two).put("k" + i % 10, "v" + i);
      if (i % 97 == 0) {
        two.remove("k" + i % 10);
      }
    }
    warren(one).barrier(PATIENCE);
    warren(two).barrier(PATIENCE);
    await().atMost(PATIENCE).until(() -> contents(one).equals(contents(two)));
    assertThat(contents(one)).isNotEmpty();
  }

  @Test
  void clear_thenPut_onlyTheLaterStaysEverywhere() {
    Cache<String, String> one = ready(node());
    Cache<String, String> two = ready(node());
    for (int i = 0; i < 100; i++) {
      one.put("k" + i, "v");
    }
    await().atMost(PATIENCE).until(() -> contents(two).size() == 100);
    two.clear();
    assertThat(contents(two)).isEmpty();
    two.put("after", "1");
    assertThat(contents(two)).containsExactly("after=1");
    await().atMost(PATIENCE).until(() -> contents(one).equals(Set.of("after=1")));
  }

  @Test
  void join_secondNode_recoversFromTheFirst() {
    Cache<String, String> one = ready(node());
    for (int i = 0; i < 1000; i++) {
      one.put("k" + i, "v" + i);
    }
    warren(one).barrier(PATIENCE);
    Cache<String, String> two = ready(node());
    Recovery recovery = warren(two).recovery();
    if (recovery.source() == Recovery.Source.SIBLING) { // else it did not answer in time (E1)
      assertThat(recovery.fromSource()).isEqualTo(1000);
    } else {
      assertThat(recovery.source()).isEqualTo(Recovery.Source.LOG);
      assertThat(recovery.fromLog()).isEqualTo(1000);
    }
    assertThat(contents(two)).isEqualTo(contents(one)).hasSize(1000);
  }

  @Test
  void start_brokerDown_servesSaysSoAndHeals() {
    cluster.broker.setUp(false);
    CacheManager manager = node();
    Cache<String, String> one = manager.createCache("c", texts());
    one.put("k", "v");
    assertThat(one.get("k")).isEqualTo("v");
    WarrenHealth health = manager.unwrap(WarrenHealth.class);
    await().atMost(PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
    assertThat(health.reason()).contains("stopped");
    cluster.broker.setUp(true);
    warren(one).awaitReady(PATIENCE);
    Cache<String, String> two = ready(node());
    await().atMost(PATIENCE).until(() -> "v".equals(two.get("k")));
    assertThat(health.state()).isEqualTo(WarrenHealth.State.READY);
  }

  @Test
  void close_writesUnderWay_areFlushed() {
    CacheManager first = node();
    Cache<String, String> one = ready(first);
    Cache<String, String> two = ready(node());
    for (int i = 0; i < 500; i++) {
      one.put("k" + i, "v");
    }
    first.close();
    await().atMost(PATIENCE).until(() -> contents(two).size() == 500);
  }

  @Test
  void put_valueTooLarge_refusedAndNothingChanged() {
    Cache<String, String> one = ready(node());
    one.put("k", "small");
    String large = "x".repeat(9 << 20);
    assertThatThrownBy(() -> one.put("k", large))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("8,388,608")
        .hasMessageContaining("max-value-size");
    assertThat(one.get("k")).isEqualTo("small");
  }

  @Test
  void put_refusedOften_takesNoRoom() {
    Cache<String, String> cache =
        ready(node("warren.outbox.max-events", "4", "warren.max-value-size", "1KiB"));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> cache.put("k", "v".repeat(2_000)))
          .hasMessageContaining("warren.max-value-size");
    }
    cache.put("k", "v");
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void put_keyTooLarge_refusedBeforeTheWriterAndLaterWritesGoOn() {
    List<String> written = new CopyOnWriteArrayList<>();
    Cache<String, String> one =
        node()
            .createCache(
                "c",
                texts()
                    .setWriteThrough(true)
                    .setCacheWriterFactory(() -> new NotingWriter(written)));
    warren(one).awaitReady(PATIENCE);
    String large = "x".repeat(17 << 20);
    for (Consumer<String> write :
        List.<Consumer<String>>of(
            key -> one.put(key, "v"), key -> one.putAll(Map.of("k", "v", key, "v")))) {
      assertThatThrownBy(() -> write.accept(large))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("at most 16,252,928 bytes encoded, but had 17,825,793")
          .hasMessageContaining("shorter keys");
    }
    String key = "y".repeat(10 << 20);
    String value = "z".repeat(6 << 20);
    assertThatThrownBy(() -> one.put(key, value))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("must together have at most 16,252,928 bytes")
        .hasMessageContaining("of which the key 10,485,761");
    assertThat(written).isEmpty();
    one.put("k", "small");
    warren(one).barrier(PATIENCE);
    assertThat(contents(one)).containsExactly("k=small");
  }

  @Test
  void put_entryOfTheLargestSize_isReplicated() {
    Cache<String, String> one = ready(node());
    Cache<String, String> two = ready(node());
    int valueLength = 8 << 20;
    String key = "y".repeat((15 << 20) + (512 << 10) - valueLength - 1);
    String value = "z".repeat(valueLength - 1);
    one.put(key, value);
    warren(one).barrier(PATIENCE);
    await().atMost(PATIENCE).until(() -> two.containsKey(key));
  }

  @Test
  void createCache_nameTooLong_isRefusedAndTheLongestWorks() {
    CacheManager manager = node();
    assertThatThrownBy(() -> manager.createCache("ü".repeat(513), texts()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("at most 1,024 bytes in UTF-8")
        .hasMessageContaining("had 1,026")
        .hasMessageContaining("shorter name");
    Cache<String, String> longest = manager.createCache("ü".repeat(512), texts());
    longest.put("k", "v");
    warren(longest).awaitReady(PATIENCE);
    warren(longest).barrier(PATIENCE);
  }

  @Test
  void destroyCache_onOneNode_emptiesItOnAllAndClosesItOnThatOne() {
    CacheManager first = node();
    Cache<String, String> one = ready(first);
    Cache<String, String> two = ready(node());
    one.put("k", "v");
    await().atMost(PATIENCE).until(() -> two.containsKey("k"));
    first.destroyCache("c");
    assertThat(one.isClosed()).isTrue();
    await().atMost(PATIENCE).until(() -> !two.containsKey("k"));
    assertThat(two.isClosed()).isFalse();
    assertThat(contents(ready(first))).isEmpty();
  }

  @Test
  void destroyCache_outboxFull_saysSoAndTheCacheIsClosed() {
    cluster.broker.setUp(false);
    CacheManager manager = node("warren.outbox.max-events", "1", "warren.write-timeout", "10ms");
    Cache<String, String> one = manager.createCache("c", texts());
    one.put("k", "v");
    assertThatThrownBy(() -> manager.destroyCache("c"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("outbox");
    assertThat(one.isClosed()).isTrue();
    assertThat(manager.<String, String>getCache("c")).isNull();
    cluster.broker.setUp(true);
    Cache<String, String> again = ready(manager);
    warren(again).barrier(PATIENCE);
    assertThat(contents(again)).containsExactly("k=v");
  }

  @Test
  void expiry_writtenByOneNode_goneOnBoth() {
    MutableConfiguration<String, String> brief =
        texts()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(
                    new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, 300)));
    Cache<String, String> one = node().createCache("c", brief);
    Cache<String, String> two = node().createCache("c", brief);
    warren(one).awaitReady(PATIENCE);
    warren(two).awaitReady(PATIENCE);
    one.put("k", "v");
    warren(one).barrier(PATIENCE);
    await().atMost(PATIENCE).until(() -> !one.containsKey("k") && two.get("k") == null);
  }

  @Test
  void listener_remoteChanges_heardInOrder() {
    Cache<String, String> one = ready(node());
    Cache<String, String> two = ready(node());
    Recorder recorder = new Recorder();
    two.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(
            new FactoryBuilder.SingletonFactory<>(recorder), null, true, true));
    one.put("k", "1");
    warren(one).barrier(PATIENCE);
    one.put("k", "2");
    warren(one).barrier(PATIENCE);
    one.remove("k");
    await().atMost(PATIENCE).until(() -> recorder.heard.size() == 3);
    assertThat(recorder.heard).containsExactly("CREATED k=1", "UPDATED k=2 was 1", "REMOVED k=2");
  }

  /** Notes the length of every key that it is given. */
  record NotingWriter(List<String> written) implements CacheWriter<String, String> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      if (entry.getKey().length() > 1) {
        written.add("key of " + entry.getKey().length());
      }
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(this::write);
    }

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {}
  }

  /** Notes what it hears. */
  static final class Recorder
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          java.io.Serializable {
    private static final long serialVersionUID = 1L;
    final CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(e -> heard.add("CREATED " + e.getKey() + "=" + e.getValue()));
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(
          e -> heard.add("UPDATED " + e.getKey() + "=" + e.getValue() + " was " + e.getOldValue()));
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(e -> heard.add("REMOVED " + e.getKey() + "=" + e.getOldValue()));
    }
  }
}
