// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.testkit.RabbitBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Caches of mode invalidation above one store, on a real RabbitMQ on bad days (rules C). */
@ExtendWith(SharedRabbit.class)
class InvalidationFaultsIT {
  private static final int ROUNDS = Integer.getInteger("warren.faults.rounds", 1);
  private static final int KEYS = 40;

  @SuppressWarnings("NullAway.Init")
  private static RabbitBroker broker;

  private final Nodes nodes = new Nodes();
  private final LogLines log = new LogLines();
  private final ReadThroughNodes through = new ReadThroughNodes(nodes);

  @BeforeAll
  static void take(RabbitBroker shared) {
    broker = shared;
  }

  @AfterEach
  void close() {
    nodes.close();
    log.close();
  }

  private ReadThroughNodes.Node open(int port) {
    return through.open("amqp://guest:guest@127.0.0.1:" + port);
  }

  @Test
  void put_otherNodeHoldsTheKey_dropsIt() {
    ReadThroughNodes.Node one = open(broker.port());
    ReadThroughNodes.Node two = open(broker.port());
    through.store.put("k", 1);
    assertThat(two.cache.get("k")).isEqualTo(1);
    one.cache.put("k", 2);
    await().atMost(Nodes.PATIENCE).until(() -> !two.cache.containsKey("k"));
    assertThat(two.cache.get("k")).as("loaded").isEqualTo(2);
    assertThat(one.cache.containsKey("k")).isTrue();
  }

  @Test
  void connectionIsHalfOpen_staleEntryGoesWhenItIsBack() {
    try (LoopbackProxy proxy = new LoopbackProxy(broker.port())) {
      ReadThroughNodes.Node one = open(broker.port());
      ReadThroughNodes.Node two = open(proxy.port());
      through.store.put("k", 1);
      assertThat(two.cache.get("k")).isEqualTo(1);
      proxy.partition();
      one.cache.put("k", 2);
      one.warren().barrier(Nodes.PATIENCE);
      assertThat(two.cache.get("k")).as("the cut is one").isEqualTo(1);
      proxy.heal();
      await().atMost(Nodes.PATIENCE).until(() -> proxy.connections() > 1);
      two.awaitValue("k", 2);
      assertThat(log.warnings("WRN-0301")).isNotEmpty();
      assertThat(proxy.swallowedBytes()).isPositive();
    }
  }

  /** What the node missed is in no log any more: it must not go on with what it held (C4). */
  @Test
  void streamIsDeleted_whileANodeIsCutOff_staleEntryGoesWhenItIsBack() {
    try (LoopbackProxy proxy = new LoopbackProxy(broker.port())) {
      ReadThroughNodes.Node one = open(broker.port());
      ReadThroughNodes.Node two = open(proxy.port());
      through.store.put("k", 1);
      assertThat(two.cache.get("k")).isEqualTo(1);
      String before = epoch(two);
      proxy.partition();
      one.cache.put("k", 2);
      one.warren().barrier(Nodes.PATIENCE);
      broker.control("delete_queue", "warren." + nodes.cluster());
      await().atMost(Nodes.PATIENCE).until(() -> !epoch(one).equals(before));
      assertThat(epoch(two)).as("cut off").isEqualTo(before);
      assertThat(two.cache.get("k")).as("cut off").isEqualTo(1);
      proxy.heal();
      two.awaitValue("k", 2);
      await().atMost(Nodes.PATIENCE).until(() -> epoch(two).equals(epoch(one)));
    }
  }

  /** Two threads a node write all keys, two read them; what the fault is the caller says. */
  private void storm(List<ReadThroughNodes.Node> all, Runnable fault) throws Exception {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AtomicInteger value = new AtomicInteger();
    List<Thread> writers = new ArrayList<>();
    List<Thread> readers = new ArrayList<>();
    AtomicBoolean written = new AtomicBoolean();
    AtomicBoolean read = new AtomicBoolean();
    for (ReadThroughNodes.Node node : all) {
      for (int t = 0; t < 4; t++) {
        boolean writes = t < 2;
        (writes ? writers : readers)
            .add(
                new Thread(
                    () -> {
                      Random random = new Random(Thread.currentThread().getId());
                      while (!(writes ? written : read).get()) {
                        String key = "k" + random.nextInt(KEYS);
                        if (writes) {
                          node.cache.put(key, value.incrementAndGet());
                        } else {
                          node.cache.get(key);
                        }
                        LockSupport.parkNanos(500_000);
                      }
                    },
                    "test-storm-" + t));
      }
    }
    List<Thread> threads = Stream.of(writers, readers).flatMap(List::stream).toList();
    for (Thread thread : threads) {
      thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
      thread.start();
    }
    try {
      for (int round = 0; round < ROUNDS; round++) {
        awaitWritten(value, 1_000);
        all.forEach(ReadThroughNodes.Node::awaitReady);
        fault.run();
        all.forEach(ReadThroughNodes.Node::awaitReady);
        awaitWritten(value, 1_000);
      }
      written.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      settle(all);
      // Readers still load: what they kept too early stays and is found.
      for (ReadThroughNodes.Node node : all) {
        await("all keys are held").atMost(Nodes.PATIENCE).until(() -> node.warren().size() == KEYS);
      }
    } finally {
      written.set(true);
      read.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failure.get()).isNull();
    assertNoNodeHoldsAnOldValue(all);
  }

  private static void awaitWritten(AtomicInteger value, int more) {
    int enough = value.get() + more;
    await("written").atMost(Nodes.PATIENCE).until(() -> value.get() > enough);
  }

  private static void settle(List<ReadThroughNodes.Node> all) {
    for (int i = 0; i < 2; i++) {
      all.forEach(node -> node.warren().barrier(Nodes.PATIENCE));
    }
  }

  private void assertNoNodeHoldsAnOldValue(List<ReadThroughNodes.Node> all) {
    assertThat(through.store).hasSize(KEYS);
    int loads = through.loads.get();
    for (ReadThroughNodes.Node node : all) {
      for (Map.Entry<String, Integer> truth : through.store.entrySet()) {
        assertThat(node.cache.get(truth.getKey())).as(truth.getKey()).isEqualTo(truth.getValue());
      }
    }
    assertThat(through.loads).as("all was held").hasValue(loads);
  }

  private static String epoch(ReadThroughNodes.Node node) {
    return node.manager.unwrap(WarrenMetrics.class).memberMetrics().epoch();
  }

  @Test
  void connectionsAreClosed_underLoad_noOldValueStays() throws Exception {
    List<ReadThroughNodes.Node> two = List.of(open(broker.port()), open(broker.port()));
    storm(
        two,
        () -> {
          int before = log.warnings("WRN-0301").size();
          broker.closeAllConnections();
          await().atMost(Nodes.PATIENCE).until(() -> log.warnings("WRN-0301").size() >= before + 2);
        });
  }

  @Test
  void connectionIsHalfOpen_underLoad_noOldValueStays() throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(broker.port())) {
      List<ReadThroughNodes.Node> two = List.of(open(broker.port()), open(proxy.port()));
      storm(
          two,
          () -> {
            int before = proxy.connections();
            proxy.cut();
            await().atMost(Nodes.PATIENCE).until(() -> proxy.connections() > before);
          });
      assertThat(proxy.swallowedBytes()).isPositive();
    }
  }

  @Test
  void streamIsDeleted_underLoad_noOldValueStays() throws Exception {
    List<ReadThroughNodes.Node> two = List.of(open(broker.port()), open(broker.port()));
    storm(
        two,
        () -> {
          String before = epoch(two.get(0));
          broker.control("delete_queue", "warren." + nodes.cluster());
          await()
              .atMost(Nodes.PATIENCE)
              .until(() -> two.stream().noneMatch(node -> epoch(node).equals(before)));
        });
  }

  @Test
  void broker_killedUnderLoad_noOldValueStays() throws Exception {
    List<ReadThroughNodes.Node> two = List.of(open(broker.port()), open(broker.port()));
    RabbitFaultsContract.awaitStreamIsSettled();
    storm(
        two,
        () -> {
          int before = log.warnings("WRN-0301").size();
          broker.kill();
          broker.start();
          await().atMost(Nodes.PATIENCE).until(() -> log.warnings("WRN-0301").size() >= before + 2);
        });
  }
}
