// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.BackedCluster.PATIENCE;
import static dev.warren.jcache.internal.manager.BackedCluster.pass;
import static dev.warren.jcache.internal.manager.BackedCluster.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.internal.manager.BackedCluster.Hook;
import dev.warren.jcache.internal.manager.BackedCluster.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Caches of mode invalidation on several nodes, above one database (rules C). */
class InvalidationCacheTest {

  private final BackedCluster cluster = new BackedCluster("invalidation");
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

  @Test
  void put_othersHoldTheKey_theyDropItAndTheAuthorKeepsIt() {
    one.cache.put("k", "1");
    settle(one, two);
    assertThat(two.cache.get("k")).as("loaded").isEqualTo("1");

    one.cache.put("k", "2");
    settle(one, two);

    assertThat(one.held()).isEqualTo(Map.of("k", "2"));
    assertThat(two.held()).isEmpty();
    assertThat(two.cache.get("k")).isEqualTo("2");
    assertThat(one.held()).as("a load takes nothing from others").isEqualTo(Map.of("k", "2"));
    assertThat(cluster.logged()).isEqualTo(Map.of("Invalidate", 2));
  }

  @Test
  void write_keyIsAbsentHere_othersDropItAllTheSame() {
    List<Consumer<Node>> writes =
        List.of(
            node -> node.cache.remove("k"),
            node -> node.cache.getAndRemove("k"),
            node -> node.cache.removeAll(Set.of("k")),
            node -> node.cache.put("k", "new"),
            node -> node.cache.putAll(Map.of("k", "new")),
            node -> node.cache.getAndPut("k", "new"),
            node -> node.cache.putIfAbsent("k", "new"),
            node -> node.cache.removeAll(),
            node -> node.cache.clear(),
            node ->
                node.cache.invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.remove();
                      return null;
                    }),
            node ->
                node.cache.invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.setValue("new");
                      return null;
                    }));
    for (Consumer<Node> write : writes) {
      cluster.database.put("k", "old");
      assertThat(two.cache.get("k")).isEqualTo("old");
      assertThat(one.cache.containsKey("k")).isFalse();
      write.accept(one);
      settle(one, two);
      assertThat(two.held()).isEmpty();
      one.cache.clear();
      settle(one, two);
    }
  }

  @Test
  void condition_failsHere_tellsNobody() {
    cluster.database.put("k", "old");
    assertThat(two.cache.get("k")).isEqualTo("old");

    assertThat(one.cache.remove("k", "old")).as("absent here").isFalse();
    assertThat(one.cache.replace("k", "new")).isFalse();
    assertThat(two.cache.replace("k", "other", "new")).isFalse();
    assertThat(two.cache.putIfAbsent("k", "new")).isFalse();
    settle(one, two);

    assertThat(cluster.logged()).isEmpty();
    assertThat(two.held()).isEqualTo(Map.of("k", "old"));
  }

  @Test
  void load_foreignWriteMeanwhile_isReturnedButNotKept() {
    cluster.database.put("k", "old");
    two.loaded.set(
        key -> {
          two.loaded.set(Hook.NONE);
          one.cache.put(key, "new");
          settle(one, two);
        });

    assertThat(two.cache.get("k")).isEqualTo("old");

    assertThat(two.held()).isEmpty();
    assertThat(two.cache.get("k")).isEqualTo("new");
  }

  @Test
  void load_foreignWriteBeforeItBegan_isKept() {
    one.cache.put("k", "new");
    settle(one, two);
    assertThat(two.cache.get("k")).isEqualTo("new");
    settle(one, two);
    assertThat(two.held()).isEqualTo(Map.of("k", "new"));
  }

  @Test
  void load_otherKeysWrittenMeanwhile_isKept() {
    cluster.database.put("k", "v");
    two.loaded.set(
        key -> {
          for (int i = 0; i < 1_000; i++) {
            one.cache.put("other" + i, "v");
          }
          settle(one, two);
        });
    assertThat(two.cache.get("k")).isEqualTo("v");
    assertThat(two.held()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void loadOfSeveral_foreignWriteOfOne_onlyThatIsNotKept() throws Exception {
    cluster.database.putAll(Map.of("a", "1", "b", "1", "c", "1"));
    Hook others =
        key -> {
          if (key.equals("b")) {
            two.loaded.set(Hook.NONE);
            one.cache.put("b", "2");
            settle(one, two);
          }
        };
    two.loaded.set(others);
    assertThat(two.cache.getAll(Set.of("a", "b", "c"))).containsEntry("b", "1").hasSize(3);
    assertThat(two.held()).isEqualTo(Map.of("a", "1", "c", "1"));

    cluster.database.put("b", "3");
    two.loaded.set(
        key -> {
          two.loaded.set(Hook.NONE);
          one.cache.removeAll(Set.of("a", "b", "c"));
          settle(one, two);
          cluster.database.putAll(Map.of("a", "4", "b", "4", "c", "4"));
        });
    CompletionListenerFuture done = new CompletionListenerFuture();
    two.cache.loadAll(Set.of("a", "b", "c"), true, done);
    done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(two.held()).as("all began before the removal").isEmpty();
  }

  @Test
  void invoke_loadsWhileAnotherWrites_isNotKept() {
    cluster.database.put("k", "old");
    two.loaded.set(
        key -> {
          two.loaded.set(Hook.NONE);
          one.cache.put(key, "new");
          settle(one, two);
        });
    assertThat(two.cache.<String>invoke("k", (entry, arguments) -> entry.getValue()))
        .isEqualTo("old");
    assertThat(two.held()).isEmpty();
  }

  @Test
  void load_loaderRemovesTheKeyItself_isNotKept() {
    cluster.database.put("k", "old");
    one.loaded.set(
        key -> {
          one.loaded.set(Hook.NONE);
          one.cache.remove(key);
        });
    assertThat(one.cache.get("k")).isEqualTo("old");
    assertThat(one.held()).isEmpty();
  }

  @Test
  void put_foreignInvalidateWhileTheWriterRuns_isToldButNotKept() {
    Recording<String, String> heard = Recording.of(two.cache);
    two.written.set(
        key -> {
          two.written.set(Hook.NONE);
          one.cache.put(key, "later");
          settle(one, two);
        });
    two.cache.put("k", "earlier");
    settle(one, two);

    assertThat(two.held()).isEmpty();
    assertThat(one.held()).as("dropped too: the other's came later").isEmpty();
    assertThat(heard.events).containsExactly("CREATED k=earlier", "REMOVED k=earlier");
    assertThat(two.cache.get("k")).isEqualTo("later");
  }

  @Test
  void putAll_foreignInvalidateWhileTheWriterRuns_isNotKept() {
    two.written.set(
        key -> {
          two.written.set(Hook.NONE);
          one.cache.put("k", "later");
          settle(one, two);
        });
    two.cache.putAll(Map.of("k", "earlier"));
    assertThat(two.held()).isEmpty();
  }

  @Test
  void put_ownInvalidateComesBack_valueStays() {
    for (int i = 0; i < 100; i++) {
      one.cache.put("k", "" + i);
      one.warren().barrier(PATIENCE);
      assertThat(one.held()).isEqualTo(Map.of("k", "" + i));
    }
  }

  @Test
  void put_foreignInvalidateWhileOwnIsUnderWay_dropsTheValue() {
    one.cache.put("k", "1");
    two.cache.put("k", "2");
    settle(one, two);
    for (Node node : List.of(one, two)) {
      String held = node.held().get("k");
      assertThat(held == null || held.equals(cluster.database.get("k"))).isTrue();
    }
  }

  @Test
  void put_writerIsSlow_invalidateComesAfterIt() {
    one.writing.set(key -> assertThat(cluster.logged()).isEmpty());
    one.written.set(key -> assertThat(cluster.logged()).isEmpty());
    one.cache.put("k", "1");
    settle(one, two);
    assertThat(cluster.logged()).isEqualTo(Map.of("Invalidate", 1));
  }

  @Test
  void cutConnection_missedInvalidates_areSeenAfterwards() {
    one.cache.put("k", "1");
    settle(one, two);
    assertThat(two.cache.get("k")).isEqualTo("1");
    cluster.cutOff(one, two);
    one.cache.put("k", "2");
    assertThat(two.cache.get("k")).as("served while it is cut off").isEqualTo("1");
    cluster.broker.setUp(true);
    settle(one, two);
    assertThat(two.held()).isEmpty();
    assertThat(one.held()).isEqualTo(Map.of("k", "2"));
  }

  @Test
  void load_otherNodeIsNotConnectedYet_dropsWhatItMissed() {
    Node late = cluster.node(); // perhaps it has not asked for its memory yet
    cluster.database.put("k", "old");
    assertThat(late.cache.get("k")).isEqualTo("old");
    one.cache.put("k", "new");
    late.ready();
    settle(one, two, late);
    assertThat(late.held()).isEmpty();
  }

  @Test
  void newEpoch_emptiesAndWhatIsLoadedAfterwardsStays() {
    one.cache.put("a", "1");
    two.cache.put("b", "1");
    settle(one, two);
    CountDownLatch gone = new CountDownLatch(1);
    two.loaded.set(
        key -> {
          gone.countDown();
          await().atMost(PATIENCE).until(() -> !two.cache.containsKey("b"));
        });
    cluster.database.put("c", "1");
    CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> two.cache.get("c"));
    pass(gone);
    cluster.broker.deleteLog();

    assertThat(load.join()).isEqualTo("1");
    await().atMost(PATIENCE).until(() -> one.held().isEmpty());
    assertThat(two.held()).as("a load that began before").isEmpty();
    two.loaded.set(Hook.NONE);
    settle(one, two);
    assertThat(two.cache.get("a")).isEqualTo("1");
    one.cache.put("a", "2");
    settle(one, two);
    assertThat(two.cache.get("a")).isEqualTo("2");
  }

  @Test
  void clear_manyEntries_isOneEventAndTouchesNoOtherCache() {
    Node other = cluster.new Node(one.manager, "other", BackedCluster.configuration());
    Node otherThere = cluster.new Node(two.manager, "other", BackedCluster.configuration());
    cluster.database.put("x", "1");
    other.cache.get("x");
    otherThere.cache.get("x");
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      many.put("k" + i, "v");
    }
    cluster.database.putAll(many);
    assertThat(one.cache.getAll(many.keySet())).hasSize(100_000);
    assertThat(two.cache.getAll(many.keySet())).hasSize(100_000);

    one.cache.clear();
    settle(one, two);

    assertThat(cluster.logged()).isEqualTo(Map.of("Clear", 1));
    assertThat(one.held()).isEmpty();
    assertThat(two.held()).isEmpty();
    assertThat(other.held()).isEqualTo(Map.of("x", "1"));
    assertThat(otherThere.held()).isEqualTo(Map.of("x", "1"));
  }

  @Test
  void removeAll_isOneEventAndDeletesWhatIsHeldHere() {
    cluster.database.putAll(Map.of("a", "1", "b", "1", "c", "1"));
    one.cache.getAll(Set.of("a", "b"));
    two.cache.getAll(Set.of("b", "c"));
    Recording<String, String> heard = Recording.of(one.cache);

    one.cache.removeAll();
    settle(one, two);

    assertThat(cluster.logged()).isEqualTo(Map.of("Clear", 1));
    assertThat(cluster.database).isEqualTo(Map.of("c", "1"));
    assertThat(one.held()).isEmpty();
    assertThat(two.held()).as("c goes too, it can be loaded again").isEmpty();
    assertThat(heard.events).containsExactlyInAnyOrder("REMOVED a=1", "REMOVED b=1");
  }

  @Test
  void get_oneInFiveMisses_sendsNothing() {
    for (int i = 0; i < 200; i++) {
      cluster.database.put("k" + i, "v" + i);
    }
    for (int i = 0; i < 1_000; i++) {
      Node node = i % 2 == 0 ? one : two;
      String key = i % 5 == 0 ? "k" + i / 5 : "k" + i % 5;
      assertThat(node.cache.get(key)).isNotNull();
    }
    settle(one, two);
    assertThat(one.loads.size() + two.loads.size()).isGreaterThanOrEqualTo(200);
    assertThat(cluster.logged()).isEmpty();
  }

  @Test
  void maxEntries_isEachNodesOwnAndTellsNobody() {
    WarrenConfiguration<String, String> bounded = new WarrenConfiguration<>();
    bounded.setMaxEntries(10).setTypes(String.class, String.class).setReadThrough(true);
    Node small = cluster.new Node(one.manager, "bounded", bounded);
    Node large =
        cluster
        .new Node(two.manager, "bounded", BackedCluster.configuration().setWriteThrough(false));
    for (int i = 0; i < 200; i++) {
      cluster.database.put("k" + i, "v");
      small.cache.get("k" + i);
      large.cache.get("k" + i);
    }
    settle(one, two);
    assertThat(small.held()).hasSizeLessThanOrEqualTo(10);
    assertThat(large.held()).hasSize(200);
    assertThat(cluster.logged()).isEmpty();
    large.cache.remove("k0");
    settle(one, two);
    assertThat(small.held()).doesNotContainKey("k0");
  }

  @Test
  void expiry_isEachNodesOwnAndTellsNobody() {
    MutableConfiguration<String, String> brief =
        BackedCluster.configuration()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(
                    new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, 100)));
    Node here = cluster.new Node(one.manager, "brief", brief);
    Node there = cluster.new Node(two.manager, "brief", BackedCluster.configuration());
    cluster.database.put("k", "v");
    Recording<String, String> heard = Recording.of(here.cache);
    here.cache.get("k");
    there.cache.get("k");
    await().atMost(PATIENCE).until(() -> heard.events.contains("EXPIRED k=v"));
    settle(one, two);
    assertThat(here.held()).isEmpty();
    assertThat(there.held()).isEqualTo(Map.of("k", "v"));
    assertThat(cluster.logged()).isEmpty();
  }

  @Test
  void putOfZeroLifetime_isNotKeptAndTold() {
    MutableConfiguration<String, String> none =
        BackedCluster.configuration()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ZERO));
    Node here = cluster.new Node(one.manager, "none", none);
    Node there = cluster.new Node(two.manager, "none", BackedCluster.configuration());
    cluster.database.put("k", "old");
    there.cache.get("k");
    here.cache.put("k", "new");
    settle(one, two);
    assertThat(here.held()).isEmpty();
    assertThat(there.held()).isEmpty();
  }

  @Test
  void listener_foreignWrite_hearsRemovedOfWhatWasDropped() {
    cluster.database.put("k", "1");
    Recording<String, String> heard = Recording.of(two.cache);
    two.cache.get("k");
    one.cache.put("k", "2");
    settle(one, two);
    await().atMost(PATIENCE).until(() -> heard.events.size() == 2);
    two.cache.get("k");
    one.cache.put("never loaded there", "1");
    one.cache.clear();
    settle(one, two);
    two.cache.put("last", "1");
    assertThat(heard.events)
        .as("of a clear nobody hears")
        .containsExactly("CREATED k=1", "REMOVED k=1", "CREATED k=2", "CREATED last=1");
  }

  @Test
  void put_sameKeyWhileTheBrokerIsAway_isToldOnce() {
    cluster.cutOff(one, two);
    for (int i = 0; i < 100; i++) {
      one.cache.put("k", "" + i);
    }
    cluster.broker.setUp(true);
    settle(one, two);
    assertThat(cluster.logged().get("Invalidate")).isLessThan(10);
  }

  @Test
  void destroyCache_othersDropAll() {
    cluster.database.put("k", "v");
    two.cache.get("k");
    one.manager.destroyCache("c");
    await().atMost(PATIENCE).until(() -> two.held().isEmpty());
    assertThat(two.cache.isClosed()).isFalse();
  }
}
