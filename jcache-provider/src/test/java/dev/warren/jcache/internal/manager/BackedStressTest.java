// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.BackedCluster.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.manager.BackedCluster.Node;
import dev.warren.sync.memory.MemoryBroker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes above one database, with slow loaders and writers, cut connections and returned appends:
 * when all is quiet no node holds a value that the database has not.
 */
class BackedStressTest {

  private static final int NODES = 3;
  private static final int THREADS = 2;
  private static final int OPERATIONS = 1_500;
  private static final int KEYS = 24;

  private final AtomicInteger versions = new AtomicInteger();

  static Stream<Long> seeds() {
    long asked = Long.getLong("warren.test.seed", 0);
    return asked != 0 ? Stream.of(asked) : new Random().longs(3, 1, Long.MAX_VALUE).boxed();
  }

  /** Every node writes every key. */
  @ParameterizedTest
  @MethodSource("seeds")
  void invalidation_anyNodeWritesAnyKey_noNodeKeepsWhatTheDatabaseHasNot(long given) {
    run("invalidation", given);
  }

  /**
   * A key has one node that writes it, for the order in which several reach the database is not
   * promised; all load it.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void replicated_oneNodeWritesAKey_noLoadWinsOverAWrite(long given) {
    run("replicated", given);
  }

  private void run(String mode, long seed) {
    try (BackedCluster cluster = new BackedCluster(mode)) {
      run(cluster, mode.equals("invalidation"), seed);
    }
  }

  private void run(BackedCluster cluster, boolean anyWrites, long seed) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(cluster.node().ready());
    }
    ExecutorService pool = Executors.newFixedThreadPool(NODES * THREADS + 1);
    try {
      List<CompletableFuture<Void>> work = new ArrayList<>();
      for (int i = 0; i < NODES * THREADS; i++) {
        int worker = i;
        Random random = new Random(seed + worker);
        Node node = nodes.get(worker % NODES);
        slow(node, seed + worker);
        work.add(
            CompletableFuture.runAsync(
                () -> operate(node, worker % NODES, random, anyWrites), pool));
      }
      CompletableFuture<Void> faults =
          CompletableFuture.runAsync(
              () -> disturb(cluster.broker, new Random(seed - 1), work), pool);
      CompletableFuture.allOf(work.toArray(CompletableFuture[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      faults.orTimeout(10, TimeUnit.SECONDS).join();
    } finally {
      pool.shutdownNow();
    }
    settle(nodes.toArray(Node[]::new));
    for (Node node : nodes) {
      Map<String, String> wrong = new HashMap<>(node.held());
      wrong.entrySet().removeIf(e -> e.getValue().equals(cluster.database.get(e.getKey())));
      assertThat(wrong).as("seed %d, database %s", seed, cluster.database).isEmpty();
      assertThat(node.loads).as("it did load").isNotEmpty();
    }
    for (Node node : nodes) { // a clear may have come last: now each holds all that there is
      assertThat(cluster.database)
          .isNotEmpty()
          .allSatisfy((key, value) -> assertThat(node.cache.get(key)).isEqualTo(value));
    }
    settle(nodes.toArray(Node[]::new));
    for (Node node : nodes) {
      assertThat(node.held()).as("seed %d", seed).isEqualTo(cluster.database);
    }
  }

  private static void slow(Node node, long seed) {
    Random random = new Random(seed);
    BackedCluster.Hook sometimes =
        key -> {
          int pause;
          synchronized (random) {
            pause = random.nextInt(10);
          }
          if (pause < 3) {
            LockSupport.parkNanos(pause * 1_000_000L);
          }
        };
    node.loaded.set(sometimes);
    node.writing.set(sometimes);
    node.written.set(sometimes);
  }

  private static void disturb(
      MemoryBroker broker, Random random, List<CompletableFuture<Void>> work) {
    while (!work.stream().allMatch(CompletableFuture::isDone)) {
      switch (random.nextInt(3)) {
        case 0 -> broker.cutConnections();
        case 1 -> broker.returnAppends(1 + random.nextInt(3));
        default -> {}
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(150)));
    }
    broker.returnAppends(0);
  }

  private void operate(Node node, int number, Random random, boolean anyWrites) {
    for (int i = 0; i < OPERATIONS; i++) {
      int k = random.nextInt(KEYS);
      String own = "k" + (anyWrites ? k : k - k % NODES + number);
      String value = "v" + versions.incrementAndGet();
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> node.cache.put(own, value);
        case 3 -> node.cache.remove(own);
        case 4 -> node.cache.putAll(Map.of(own, value));
        case 5 ->
            node.cache.invoke(
                own,
                (entry, arguments) -> {
                  entry.setValue((String) arguments[0]);
                  return null;
                },
                value);
        case 6 -> node.cache.getAll(Set.of("k" + k, "k" + (k + 1) % KEYS));
        case 7 -> node.cache.replace(own, value);
        case 8 -> {
          if (random.nextInt(20) == 0) {
            node.cache.clear();
          }
        }
        case 9 -> node.cache.<String>invoke("k" + k, (entry, arguments) -> entry.getValue());
        default -> node.cache.get("k" + k);
      }
    }
  }
}
