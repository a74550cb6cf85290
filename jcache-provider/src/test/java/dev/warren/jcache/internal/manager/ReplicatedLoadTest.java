// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.BackedCluster.PATIENCE;
import static dev.warren.jcache.internal.manager.BackedCluster.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.internal.manager.BackedCluster.Hook;
import dev.warren.jcache.internal.manager.BackedCluster.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Read-through in replicated caches: loads are shared, and give way to writes (rule B7). */
class ReplicatedLoadTest {

  private final BackedCluster cluster = new BackedCluster("replicated");
  private Node one;
  private Node two;

  @BeforeEach
  void open() {
    one = cluster.node().ready();
    two = cluster.node().ready();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void assertBothHold(Map<String, String> expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              settle(one, two);
              assertThat(one.held()).isEqualTo(expected);
              assertThat(two.held()).isEqualTo(expected);
            });
  }

  private void loadAll(Node node, boolean replace, String... keys) throws Exception {
    CompletionListenerFuture done = new CompletionListenerFuture();
    node.cache.loadAll(Set.of(keys), replace, done);
    done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs once in {@code node}'s loader: what {@code other} writes is applied before it returns. */
  private void duringLoad(Node node, Runnable foreign) {
    node.loaded.set(
        key -> {
          node.loaded.set(Hook.NONE);
          foreign.run();
          settle(one, two);
        });
  }

  @Test
  void get_missing_isLoadedOnceAndShared() {
    cluster.database.put("k", "v");
    assertThat(one.cache.get("k")).isEqualTo("v");
    assertThat(one.held()).as("shown at once").isEqualTo(Map.of("k", "v"));
    assertBothHold(Map.of("k", "v"));
    assertThat(two.cache.get("k")).isEqualTo("v");
    assertThat(two.loads).isEmpty();
    assertThat(cluster.logged()).isEqualTo(Map.of("Fill", 1));
  }

  @Test
  void get_loadIsSlow_givesWayToAForeignWrite() {
    cluster.database.put("k", "old");
    duringLoad(two, () -> one.cache.put("k", "new"));
    assertThat(two.cache.get("k")).as("what the key has by now").isEqualTo("new");
    assertThat(two.held()).as("not shown for a moment").isEqualTo(Map.of("k", "new"));
    assertBothHold(Map.of("k", "new"));
    assertThat(cluster.logged()).as("and not sent").isEqualTo(Map.of("Put", 1));
  }

  @Test
  void get_loadIsSlow_givesWayToAForeignRemoveAndClear() {
    cluster.database.put("k", "old");
    duringLoad(two, () -> one.cache.remove("k"));
    assertThat(two.cache.get("k")).as("absent there: nothing is told").isEqualTo("old");
    one.cache.put("k", "old");
    settle(one, two);
    two.cache.clear();
    settle(one, two);
    duringLoad(two, () -> one.cache.clear());
    assertThat(two.cache.get("k")).isEqualTo("old");
    assertThat(two.held()).isEmpty();
  }

  @Test
  void invokeAndGetAll_loadsAreSlow_giveWay() {
    cluster.database.putAll(Map.of("a", "1", "b", "1"));
    duringLoad(two, () -> one.cache.put("a", "2"));
    assertThat(two.cache.getAll(Set.of("a", "b"))).hasSize(2);
    assertBothHold(Map.of("a", "2", "b", "1"));

    cluster.database.put("c", "1");
    duringLoad(two, () -> one.cache.put("c", "2"));
    assertThat(two.cache.<String>invoke("c", (entry, arguments) -> entry.getValue()))
        .isEqualTo("1");
    assertBothHold(Map.of("a", "2", "b", "1", "c", "2"));
  }

  @Test
  void loadAll_replacing_replacesOnBothButGivesWay() throws Exception {
    one.cache.put("k", "1");
    settle(one, two);
    cluster.database.put("k", "2");
    loadAll(two, true, "k");
    assertThat(two.held()).isEqualTo(Map.of("k", "2"));
    assertBothHold(Map.of("k", "2"));

    duringLoad(two, () -> one.cache.put("k", "3"));
    loadAll(two, true, "k");
    assertBothHold(Map.of("k", "3"));
  }

  @Test
  void loadAll_replacingAnOwnWriteUnderWay_isKept() throws Exception {
    cluster.cutOff(one, two);
    one.cache.put("k", "1");
    cluster.database.put("k", "2");
    loadAll(one, true, "k");
    assertThat(one.cache.get("k")).isEqualTo("2");
    cluster.broker.setUp(true);
    assertBothHold(Map.of("k", "2"));
  }

  @Test
  void get_ownWritesUnderWay_isKeptAllTheSame() {
    cluster.database.put("k", "1");
    one.cache.get("k");
    assertBothHold(Map.of("k", "1"));
    cluster.cutOff(one, two);
    one.cache.remove("k");
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      one.cache.put("o" + i, "v"); // in all stripes
      all.put("o" + i, "v");
    }
    cluster.database.put("k", "2");
    assertThat(one.cache.get("k")).isEqualTo("2");
    cluster.broker.setUp(true);
    all.put("k", "2");
    assertBothHold(all);
  }

  @Test
  void get_ownClearUnderWay_isKept() {
    one.cache.put("k", "1");
    settle(one, two);
    cluster.cutOff(one, two);
    one.cache.clear();
    assertThat(one.cache.get("k")).isEqualTo("1");
    cluster.broker.setUp(true);
    assertBothHold(Map.of("k", "1"));
  }

  @Test
  void get_loadAndForeignWriteUnderWayAtOnce_theWriteStays() {
    for (int i = 0; i < 10; i++) {
      String key = "k" + i;
      cluster.database.put(key, "old");
      cluster.cutOff(one, two);
      assertThat(two.cache.get(key)).isEqualTo("old");
      one.cache.put(key, "new");
      cluster.broker.setUp(true);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                settle(one, two);
                assertThat(one.held()).containsEntry(key, "new");
                assertThat(two.held()).containsEntry(key, "new");
              });
    }
  }

  @Test
  void get_loaderRemovesTheKeyItself_isNotKept() {
    cluster.database.put("k", "old");
    one.cache.put("k2", "v");
    one.loaded.set(
        key -> {
          one.loaded.set(Hook.NONE);
          one.cache.put(key, "nested");
          one.cache.remove(key);
        });
    assertThat(one.cache.get("k")).isEqualTo("old");
    assertThat(one.held()).isEqualTo(Map.of("k2", "v"));
    assertBothHold(Map.of("k2", "v"));
  }

  @Test
  void get_outboxFull_isAnsweredWithoutBeingKept() {
    Node small =
        cluster.node("warren.outbox.max-events", "1", "warren.write-timeout", "10ms").ready();
    cluster.database.put("k", "v");
    cluster.cutOff(small);
    small.cache.put("a", "1");
    assertThat(small.cache.get("k")).isEqualTo("v");
    assertThat(small.held()).isEqualTo(Map.of("a", "1"));
    assertThatThrownBy(() -> small.cache.put("b", "1")).isInstanceOf(CacheException.class);
    cluster.broker.setUp(true);
    settle(small);
  }

  @Test
  void listener_loadEndedByForeignWrite_hearsAnUpdate() {
    cluster.database.put("k", "old");
    Recording<String, String> heard = Recording.of(two.cache);
    Recording<String, String> heardThere = Recording.of(one.cache);
    two.cache.get("k");
    await().atMost(PATIENCE).until(() -> heardThere.events.size() == 1);
    one.cache.put("k", "new");
    settle(one, two);
    await().atMost(PATIENCE).until(() -> heard.events.size() == 2);
    assertThat(heard.events).containsExactly("CREATED k=old", "UPDATED k=old>new");
    assertThat(heardThere.events).containsExactly("CREATED k=old", "UPDATED k=old>new");
  }
}
