// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Outcome;
import dev.warren.sync.replica.Replica;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Expired entries leave the log state of all members without anybody's operation (rule B9), on
 * virtual time. A failure names its seed, which repeats it.
 */
class KeeperSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 150);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longest time from expiry to the end of the entry on every node, while nothing is amiss. */
  private static final long BOUND_MILLIS = 1_000;

  /** One run. */
  private static final class Run {
    final long seed;
    final VirtualTime time;
    final Random random;
    final SimulatedBroker broker;
    final List<SimulatedNode> nodes = new ArrayList<>();

    /** Keys that were written without an end. */
    final Set<String> eternal = new TreeSet<>();

    /** Of these, without what may have gone with a deleted log. */
    final Set<String> promised = new TreeSet<>();

    /** The clock that goes fastest decides how early an entry may go. */
    long mostAheadMillis;

    int names;
    long latestMillis;
    int effective;
    int ineffective;
    int touches;

    Run(long seed) {
      this.seed = seed;
      this.time = new VirtualTime(seed);
      this.random = time.random();
      this.broker = new SimulatedBroker(time);
    }

    SimulatedNode start(long aheadMillis) {
      SimulatedNode node = new SimulatedNode(broker, SimulatedNode.settings("n" + names++), null);
      mostAheadMillis = Math.max(mostAheadMillis, aheadMillis);
      node.keep(Duration.ofMillis(aheadMillis));
      node.observe(this::observe);
      nodes.add(node);
      return node;
    }

    private void observe(Applied applied) {
      LogEntry before = applied.before();
      if (!(applied.event() instanceof Event.Expire) || before == null) {
        ineffective += applied.event() instanceof Event.Expire ? 1 : 0;
        return;
      }
      if (applied.outcome() != Outcome.EFFECTIVE) {
        ineffective++;
        return;
      }
      effective++;
      long late = time.nowMillis() - before.expiryMillis();
      latestMillis = Math.max(latestMillis, late);
      assertThat(late)
          .as("seed %d: ms after its time at which an entry went: %s", seed, applied)
          .isGreaterThanOrEqualTo(-mostAheadMillis);
    }

    /** Writes an entry that lives for so long by the true clock. */
    void put(SimulatedNode node, String key, long lifeMillis) {
      long expiryMillis = lifeMillis == Event.NEVER ? lifeMillis : time.nowMillis() + lifeMillis;
      node.offer(
          new Event.Put(
              SimulatedNode.CACHE,
              bytes(key),
              key.getBytes(StandardCharsets.UTF_8),
              expiryMillis,
              Event.ANY),
          fate -> {});
    }

    void touch(SimulatedNode node, String key, long lifeMillis) {
      LogEntry entry = entry(node, key);
      if (entry != null && entry.expiryMillis() != Event.NEVER) {
        touches++;
        node.offer(
            new Event.Touch(
                SimulatedNode.CACHE,
                bytes(key),
                time.nowMillis() + lifeMillis,
                entry.writePosition()),
            fate -> {});
      }
    }

    static Bytes bytes(String key) {
      return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable LogEntry entry(SimulatedNode node, String key) {
      Replica replica = node.member().replica();
      CacheState state = replica == null ? null : replica.cacheState(SimulatedNode.CACHE);
      return state == null ? null : state.get(bytes(key));
    }

    Optional<SimulatedNode> keeper() {
      Replica replica = nodes.get(0).member().replica();
      Optional<Origin> origin = replica == null ? Optional.empty() : replica.keeper();
      return nodes.stream()
          .filter(n -> origin.filter(n.member().origin()::equals).isPresent())
          .findFirst();
    }

    void kill(SimulatedNode node) {
      nodes.remove(node);
      node.kill();
    }

    void await(String what, java.util.function.BooleanSupplier condition) {
      await(PATIENCE, what, condition);
    }

    void await(Duration patience, String what, java.util.function.BooleanSupplier condition) {
      boolean came = time.runUntil(patience, condition);
      assertThat(came).as("seed %d: %s; nodes %s", seed, what, nodes).isTrue();
    }

    void awaitReady() {
      await("all ready", () -> nodes.stream().allMatch(n -> n.member().isReady()));
      await("a keeper", () -> keeper().isPresent());
    }

    boolean allGone() {
      return nodes.stream().allMatch(node -> node.state().keySet().equals(eternal));
    }

    SimulatedNode any() {
      return nodes.get(random.nextInt(nodes.size()));
    }
  }

  @Test
  void expiry_nothingAmiss_everySeed_goneEverywhereWithinASecondByOneExpireEach() {
    long latest = 0;
    int touches = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      boolean spans = seed % 20 == 0; // across the spans of the keeper's hints
      Run run = new Run(seed);
      for (int i = 0; i < 3; i++) {
        run.start(0);
      }
      run.awaitReady();
      for (int i = 0; i < 200; i++) {
        String key = "k" + i;
        run.put(run.any(), key, 1 + run.random.nextInt(spans && i % 10 == 0 ? 1_500_000 : 20_000));
        if (i % 20 == 0) {
          run.eternal.add("e" + i);
          run.put(run.any(), "e" + i, Event.NEVER);
        }
        run.touch(run.any(), "k" + run.random.nextInt(i + 1), run.random.nextInt(20_000));
        run.time.run(Duration.ofMillis(run.random.nextInt(100)));
      }
      run.time.run(spans ? Duration.ofMinutes(26) : Duration.ofSeconds(42));
      assertThat(run.allGone()).as("seed %d: all that expired is gone", seed).isTrue();
      assertThat(run.latestMillis).as("seed %d: ms late", seed).isBetween(0L, BOUND_MILLIS);
      assertThat(run.effective).as("seed %d: on three nodes", seed).isEqualTo(3 * 200);
      latest = Math.max(latest, run.latestMillis);
      touches += run.touches;
      assertThat(run.ineffective)
          .as("seed %d: in vain, which touches may cause", seed)
          .isLessThanOrEqualTo(3 * 5);
    }
    assertThat(latest).isPositive();
    assertThat(touches).as("touches that did occur").isPositive();
  }

  @Test
  void expiry_manyAtOnce_everySeed_allGoneAndWritersHaveRoom() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 3; seed++) {
      Run run = new Run(seed);
      SimulatedNode one = run.start(0);
      run.start(0);
      run.awaitReady();
      for (int i = 0; i < 5_000; i++) {
        run.put(one, "k" + i, 10_000);
      }
      int[] most = {0};
      run.time.run(Duration.ofSeconds(5));
      assertThat(run.nodes.get(1).state()).as("seed %d: all are there", seed).hasSize(5_000);
      for (int i = 0; i < 1_500 && (i < 300 || !run.allGone()); i++) {
        run.time.run(Duration.ofMillis(20));
        run.nodes.forEach(n -> most[0] = Math.max(most[0], n.member().outbox().depth()));
      }
      assertThat(run.allGone()).as("seed %d", seed).isTrue();
      assertThat(most[0]).as("seed %d: events under way at once", seed).isLessThan(1_100);
      assertThat(run.ineffective).as("seed %d", seed).isZero();
    }
  }

  @Test
  void keeperDies_everySeed_anotherTakesOver() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed);
      for (int i = 0; i < 3; i++) {
        run.start(0);
      }
      run.awaitReady();
      for (int i = 0; i < 50; i++) {
        run.put(run.any(), "k" + i, 3_000 + run.random.nextInt(10_000));
      }
      run.time.run(Duration.ofMillis(1_000 + run.random.nextInt(4_000)));
      SimulatedNode keeper = run.keeper().orElseThrow();
      run.kill(keeper);
      run.time.run(Duration.ofSeconds(13));
      run.await(Duration.ofSeconds(1), "all gone", run::allGone);
      assertThat(run.keeper()).as("seed %d", seed).isPresent();
    }
  }

  /** What it missed comes with another memory, and nobody tells it of each entry. */
  @Test
  void keeperGetsAnotherMemory_everySeed_allThatExpiredGoes() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed);
      SimulatedNode keeper = run.start(0);
      run.awaitReady();
      SimulatedNode other = run.start(0);
      run.awaitReady();
      for (int i = 0; i < 20; i++) {
        run.put(other, "k" + i, 8_000 + run.random.nextInt(5_000));
      }
      run.time.run(Duration.ofSeconds(1));
      keeper.setIsolated(true);
      for (int i = 0; i < 300; i++) {
        run.put(other, "m" + i, 8_000 + run.random.nextInt(5_000));
      }
      run.time.run(Duration.ofSeconds(2));
      run.broker.truncate(run.broker.size() - 1);
      keeper.setIsolated(false);
      run.time.run(Duration.ofSeconds(3));
      assertThat(run.keeper()).as("seed %d", seed).contains(keeper);
      assertThat(keeper.reports()).as("seed %d: memories", seed).hasSize(2);
      run.time.run(Duration.ofSeconds(9));
      assertThat(run.allGone()).as("seed %d: all gone", seed).isTrue();
    }
  }

  /** The clocks go minutes apart, and what can fail does. */
  @Test
  void faults_everySeed_nothingGoesBeforeItsTimeAndAllThatExpiredGoes() {
    Map<String, Integer> faults = new TreeMap<>();
    int effective = 0;
    int ineffective = 0;
    int touches = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed);
      for (int i = 0; i < 3; i++) {
        run.start(run.random.nextInt(360_000) - 180_000);
      }
      Set<String> killed = new HashSet<>();
      for (int step = 0; step < 15; step++) {
        writes(run, step);
        fault(run, faults, killed);
        run.time.run(Duration.ofMillis(run.random.nextInt(3_000)));
      }
      run.broker.returnPercent(0);
      run.broker.lossPercent(0);
      run.awaitReady();
      run.time.run(Duration.ofMinutes(6)); // the slowest clock passes the last expiry
      Map<String, String> state = run.nodes.get(0).state();
      assertThat(run.nodes)
          .as("seed %d: equal", seed)
          .allSatisfy(n -> assertThat(n.state()).isEqualTo(state));
      assertThat(run.eternal).as("seed %d: no other is left", seed).containsAll(state.keySet());
      if (killed.isEmpty()) {
        assertThat(state.keySet())
            .as("seed %d: all that has no end", seed)
            .containsAll(run.promised);
      }
      effective += run.effective;
      ineffective += run.ineffective;
      touches += run.touches;
    }
    System.getLogger("simulation")
        .log(
            System.Logger.Level.INFO,
            "faults {0}, entries that went {1}, expire events in vain {2}, touches {3}",
            faults,
            effective,
            ineffective,
            touches);
    if (SEEDS >= 100) {
      assertThat(faults).hasSize(6);
      assertThat(ineffective).as("events in vain that did occur").isPositive();
    }
    assertThat(touches).as("touches that did occur").isPositive();
    assertThat(effective).isPositive();
  }

  private static void writes(Run run, int step) {
    int count = run.random.nextInt(30);
    for (int i = 0; i < count; i++) {
      SimulatedNode node = run.any();
      if (run.random.nextInt(10) == 0) {
        String key = "e" + step + "-" + i;
        run.eternal.add(key);
        run.promised.add(key);
        run.put(node, key, Event.NEVER);
      } else {
        String key = "k" + run.random.nextInt(40);
        run.put(node, key, run.random.nextInt(100_000));
        run.touch(node, "k" + run.random.nextInt(40), run.random.nextInt(100_000));
      }
    }
  }

  private static void fault(Run run, Map<String, Integer> faults, Set<String> killed) {
    String kind =
        switch (run.random.nextInt(8)) {
          case 0 -> {
            run.broker.cutConnections();
            yield "cut";
          }
          case 1 -> {
            run.broker.returnPercent(run.random.nextInt(40));
            run.broker.lossPercent(run.random.nextInt(20));
            yield "returns and losses";
          }
          case 2 -> {
            run.broker.returnPercent(0);
            run.broker.lossPercent(0);
            yield "";
          }
          case 3 -> {
            run.broker.setUp(false);
            run.time.run(Duration.ofMillis(run.random.nextInt(3_000)));
            run.broker.setUp(true);
            yield "broker down";
          }
          case 4 -> {
            Optional<SimulatedNode> keeper = run.keeper();
            if (keeper.isPresent() && run.nodes.stream().allMatch(n -> n.member().isReady())) {
              killed.add(keeper.get().toString());
              run.kill(keeper.get());
              run.start(run.random.nextInt(360_000) - 180_000);
              yield "keeper killed";
            }
            yield "";
          }
          case 5 -> {
            if (run.nodes.stream().allMatch(n -> n.member().isReady())) {
              run.nodes.forEach(n -> run.promised.retainAll(n.state().keySet())); // known gaps
              run.broker.deleteLog(Duration.ofMillis(run.random.nextInt(200)));
              run.time.run(Duration.ofSeconds(8));
              yield "log deleted";
            }
            yield "";
          }
          case 6 -> { // it goes on thinking that it is the keeper
            Optional<SimulatedNode> keeper = run.keeper();
            if (keeper.isPresent()) {
              keeper.get().setIsolated(true);
              run.time.run(Duration.ofMillis(run.random.nextInt(12_000)));
              keeper.get().setIsolated(false);
              yield "keeper cut off";
            }
            yield "";
          }
          default -> "";
        };
    if (!kind.isEmpty()) {
      faults.merge(kind, 1, Integer::sum);
    }
  }
}
