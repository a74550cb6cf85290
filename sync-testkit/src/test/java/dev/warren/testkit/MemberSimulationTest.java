// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Clusters of real members on virtual time, with faults by a seed: they come to rest, equal, and
 * hold what their authors wrote last. A failure names its seed, which repeats it.
 *
 * <p>Each key has one author, so that the value it must end with is known: the author's last, or,
 * if the author was killed, one that is at least the last it saw applied.
 */
class MemberSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 150);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One run. */
  private static final class Run {
    final long seed;
    final VirtualTime time;
    final Random random;
    final SimulatedBroker broker;
    final MemorySnapshotStore.Disk disk = new MemorySnapshotStore.Disk();
    final boolean persistent;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final Map<String, Integer> lastIssued = new HashMap<>();

    /** What the dead left: lowest and highest value that each key may end with. */
    final Map<String, String> leastOfTheDead = new TreeMap<>();

    int names;
    int writes;

    /** Whether a record was kept from a node behind its back; else nobody may think so. */
    boolean lossPlanted;

    Run(long seed, boolean persistent) {
      this.seed = seed;
      this.time = new VirtualTime(seed);
      this.random = time.random();
      this.broker = new SimulatedBroker(time);
      this.persistent = persistent;
    }

    SimulatedNode start() {
      return start(persistent);
    }

    SimulatedNode start(boolean withDatabase) {
      SimulatedNode node =
          new SimulatedNode(
              broker,
              SimulatedNode.settings("n" + names++),
              withDatabase ? new MemorySnapshotStore(disk) : null);
      nodes.add(node);
      return node;
    }

    void awaitReady() {
      await("all ready", () -> nodes.stream().allMatch(n -> n.member().isReady()));
    }

    void await(String what, java.util.function.BooleanSupplier condition) {
      boolean came = time.runUntil(PATIENCE, condition);
      assertThat(came).as("seed %d: %s; nodes %s", seed, what, nodes).isTrue();
    }

    void write(SimulatedNode node, int count) {
      for (int i = 0; i < count; i++) {
        String key = "k-" + name(node) + "-" + random.nextInt(20);
        int value = lastIssued.merge(key, 1, Integer::sum);
        node.put(key, "" + value);
        writes++;
      }
    }

    private String name(SimulatedNode node) {
      return node.member().origin().toString().substring(0, 4);
    }

    void kill(SimulatedNode node) {
      leastOfTheDead.putAll(node.confirmed());
      nodes.remove(node);
      node.kill();
    }

    /** Faults end; every node is ready, has nothing under way, and all are equal. */
    void rest() {
      broker.returnPercent(0);
      broker.lossPercent(0);
      awaitReady();
      await("nothing waits", () -> nodes.stream().allMatch(SimulatedNode::isQuiet));
      long end = broker.last(); // what the dead appended may still be on its way to the others
      await("the log is read", () -> nodes.stream().allMatch(node -> node.offset() >= end));
      await(
          "all equal", () -> nodes.stream().allMatch(n -> n.state().equals(nodes.get(0).state())));
      check();
    }

    private void check() {
      assertThat(lossPlanted ? List.<SimulatedNode>of() : nodes)
          .as("seed %d: no false alarm", seed)
          .allSatisfy(
              node ->
                  assertThat(node.reports())
                      .extracting(RecoveryReport::cause)
                      .doesNotContain(RecoveryReport.Cause.EVENTS_MISSED));
      Map<String, String> state = nodes.get(0).state();
      nodes.forEach(
          node ->
              assertThat(state)
                  .as("seed %d: the last writes", seed)
                  .containsAllEntriesOf(node.written()));
      leastOfTheDead.forEach(
          (key, least) ->
              assertThat(state.get(key))
                  .as("seed %d: %s, of a node that was killed", seed, key)
                  .isNotNull()
                  .satisfies(
                      value ->
                          assertThat(Integer.parseInt(value))
                              .isBetween(
                                  Integer.parseInt(least), lastIssued.getOrDefault(key, 0))));
    }

    SimulatedNode any() {
      return nodes.get(random.nextInt(nodes.size()));
    }

    void pause() {
      time.run(Duration.ofMillis(random.nextInt(3_000)));
    }
  }

  @Test
  void faults_everySeed_nothingLostNothingTwiceAllEqual() {
    int returned = 0;
    int lost = 0;
    int writes = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      faults(run);
      returned += run.broker.returned();
      lost += run.broker.lost();
      writes += run.writes;
    }
    assertThat(returned).as("returns that did occur").isPositive();
    assertThat(lost).as("losses that did occur").isPositive();
    assertThat(writes).isPositive();
  }

  private static void faults(Run run) {
    for (int i = 0; i < 3; i++) {
      run.start();
    }
    for (int step = 0; step < 12; step++) {
      run.write(run.any(), run.random.nextInt(60));
      switch (run.random.nextInt(9)) {
        case 0 -> run.broker.cutConnections();
        case 1 -> run.broker.returnPercent(run.random.nextInt(40));
        case 2 -> {
          run.broker.returnPercent(0);
          run.broker.lossPercent(0);
        }
        case 3 -> {
          run.broker.setUp(false);
          run.pause();
          run.broker.setUp(true);
        }
        case 4 -> {
          if (run.nodes.size() > 1 && run.nodes.stream().anyMatch(n -> n.member().isReady())) {
            run.kill(run.any());
            run.start();
          }
        }
        case 5 -> run.broker.lossPercent(run.random.nextInt(20));
        default -> run.pause();
      }
    }
    run.rest();
    assertThat(run.nodes)
        .as("seed %d: the log stood, so did its epoch", run.seed)
        .allSatisfy(node -> assertThat(node.epoch()).isEqualTo(1));
  }

  /**
   * One of two or three nodes misses one to four records in a row, of others or of its own, while
   * all write: it must find that out and mend it in seconds, and nobody else must do anything.
   */
  @Test
  void recordsMissedByOne_everySeed_foundAndMendedInSeconds() {
    long slowestMillis = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      for (int i = 0; i < 2 + seed % 3 / 2; i++) {
        run.start();
      }
      run.awaitReady();
      run.nodes.forEach(node -> run.write(node, 30));
      run.rest();
      Map<SimulatedNode, Integer> before = new HashMap<>(); // who came late may have had two epochs
      run.nodes.forEach(node -> before.put(node, node.reports().size()));
      SimulatedNode loser = run.any();
      int mended = loser.reports().size();
      loser.miss(1 + run.random.nextInt(4));
      if (run.random.nextInt(3) > 0) { // else it misses heartbeats
        run.nodes.forEach(node -> run.write(node, run.random.nextInt(20)));
      }
      run.await("records are missed", loser::hasMissed);
      long missedAt = run.time.nowMillis();
      run.lossPlanted = true;
      run.await("found and mended", () -> loser.reports().size() > mended);
      RecoveryReport report = loser.reports().get(mended);
      assertThat(report.cause()).isEqualTo(RecoveryReport.Cause.EVENTS_MISSED);
      assertThat(report.source()).isEqualTo(RecoveryReport.Source.MEMBER);
      slowestMillis = Math.max(slowestMillis, run.time.nowMillis() - missedAt);
      run.nodes.forEach(node -> run.write(node, run.random.nextInt(20)));
      run.rest();
      run.time.run(Duration.ofSeconds(5));
      run.rest();
      run.nodes.forEach(
          node ->
              assertThat(node.reports())
                  .as("seed %d: %s", run.seed, node)
                  .hasSize(before.getOrDefault(node, 0) + (node == loser ? 1 : 0)));
    }
    assertThat(slowestMillis).as("slowest, in ms").isLessThan(6_000);
  }

  @Test
  void logDeleted_everySeed_theNextEpochHoldsEverything() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      for (int i = 0; i < 2 + seed % 2; i++) {
        run.start();
      }
      run.awaitReady();
      for (int round = 0; round < 3; round++) {
        for (SimulatedNode node : run.nodes) {
          run.write(node, 50);
        }
        run.rest();
        run.broker.returnPercent(run.random.nextInt(30));
        for (SimulatedNode node : run.nodes) {
          run.write(node, run.random.nextInt(5));
        }
        run.broker.deleteLog(Duration.ofMillis(run.random.nextInt(200)));
        for (SimulatedNode node : run.nodes) {
          run.write(node, 1 + run.random.nextInt(5));
        }
        run.pause();
        run.rest();
      }
    }
  }

  @Test
  void logDeleted_sourceOfTheNextEpochDies_everySeed_nothingConfirmedIsLost() {
    int died = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      for (int i = 0; i < 3; i++) {
        run.start();
      }
      run.awaitReady();
      run.nodes.forEach(node -> run.write(node, 20));
      run.rest();
      run.broker.deleteLog(Duration.ofMillis(run.random.nextInt(200)));
      run.nodes.forEach(node -> run.write(node, 20));
      for (int i = 0; i < 40 && run.nodes.stream().noneMatch(n -> n.epoch() == 2); i++) {
        run.time.run(Duration.ofMillis(50));
      }
      run.time.run(Duration.ofMillis(run.random.nextInt(400)));
      Optional<SimulatedNode> source = run.nodes.stream().filter(n -> n.epoch() == 2).findFirst();
      if (source.isPresent()) {
        run.kill(source.get());
        died++;
      }
      run.rest();
    }
    assertThat(died).as("sources that did die").isPositive();
  }

  /** A broker's part of a cluster may leave a subscription dead while its connection stands. */
  @Test
  void subscriptionIsDead_everySeed_connectsAnewAndNothingIsLost() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS / 5; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      for (int i = 0; i < 3; i++) {
        run.start();
      }
      run.awaitReady();
      SimulatedNode deaf = run.nodes.get(run.random.nextInt(3));
      deaf.deafen();
      run.nodes.forEach(node -> run.write(node, 5));
      run.time.run(Duration.ofSeconds(5));
      assertThat(deaf.offset()).as("seed %d: deaf", seed).isLessThan(run.broker.last() - 5);
      run.rest();
    }
  }

  @Test
  void logTruncated_whileAMemberIsAway_everySeed_itsMemoryComesFromAnother() {
    int recovered = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      SimulatedNode one = run.start();
      SimulatedNode two = run.start();
      run.awaitReady();
      run.write(two, 30);
      run.rest();
      two.setIsolated(true);
      run.write(two, 5);
      run.write(one, 300);
      run.pause();
      run.broker.truncate(run.broker.size() - 1);
      two.setIsolated(false);
      run.broker.returnPercent(run.random.nextInt(30));
      run.pause();
      run.rest();
      recovered += two.reports().size() - 1;
      assertThat(one.reports()).as("seed %d", seed).hasSize(1);
      assertThat(one.epoch()).as("seed %d", seed).isEqualTo(1);
    }
    assertThat(recovered).as("recoveries that did occur").isPositive();
  }

  @Test
  void allRestarted_logDeleted_everySeed_memoryComesFromTheDatabase() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, true);
      run.start();
      run.start();
      run.awaitReady();
      for (SimulatedNode node : run.nodes) {
        run.write(node, 50);
      }
      run.rest();
      run.time.run(Duration.ofSeconds(5)); // the projector writes what was applied
      List.copyOf(run.nodes).forEach(run::kill);
      run.broker.deleteLog(Duration.ZERO);
      run.start();
      run.start();
      for (SimulatedNode node : run.nodes) {
        run.write(node, 10);
      }
      run.rest();
      assertThat(run.nodes)
          .as("seed %d", seed)
          .anySatisfy(
              node ->
                  assertThat(node.reports().get(0).source())
                      .isEqualTo(RecoveryReport.Source.DATABASE));
    }
  }

  @Test
  void allRestarted_oneWithoutDatabase_everySeed_itBeginsWithTheOthersMemory() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, true);
      run.start();
      run.awaitReady();
      run.write(run.nodes.get(0), 50);
      run.rest();
      run.time.run(Duration.ofSeconds(5));
      run.kill(run.nodes.get(0));
      run.broker.deleteLog(Duration.ZERO);
      SimulatedNode with = run.start(true);
      run.time.run(Duration.ofSeconds(1)); // so that the first epoch is opened by it
      SimulatedNode without = run.start(false);
      run.write(with, 10);
      run.write(without, 10);
      run.rest();
    }
  }

  /**
   * What the database holds and what the log still holds is all there is: each key ends with one of
   * the two, all members agree, and none of what the log holds is missing.
   */
  @Test
  void allRestarted_logTruncatedBehindTheDatabase_everySeed_bothCount() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, true);
      SimulatedNode projecting = run.start();
      run.awaitReady();
      run.write(projecting, 50);
      run.rest();
      run.time.run(Duration.ofSeconds(5));
      SimulatedNode author = run.start(false);
      run.awaitReady();
      run.kill(projecting);
      run.write(author, 100);
      run.rest();
      run.time.run(Duration.ofSeconds(10)); // the dead one is suspected
      Map<String, String> early = Map.copyOf(author.written());
      run.broker.truncate(run.broker.size() - 1);
      run.write(author, 40);
      run.rest();
      Map<String, String> late = new TreeMap<>(author.written());
      late.entrySet().removeAll(early.entrySet());
      assertThat(late).as("seed %d", seed).isNotEmpty();
      run.leastOfTheDead.putAll(late);
      run.nodes.remove(author);
      author.kill();
      run.start();
      if (seed % 3 > 0) {
        run.start();
      }
      for (SimulatedNode node : run.nodes) {
        run.write(node, 10);
      }
      run.rest();
      run.await(
          "all take the memory of one",
          () -> run.nodes.stream().allMatch(node -> node.epoch() == 2));
      run.rest();
    }
  }

  @Test
  void logTruncated_whileTheOnlyMemberIsAway_everySeed_itGoesOnWithItsMemory() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      SimulatedNode one = run.start();
      SimulatedNode two = run.start(false);
      run.awaitReady();
      run.write(two, 30);
      run.rest();
      two.setIsolated(true);
      run.write(two, 5);
      run.write(one, 300);
      run.time.run(Duration.ofSeconds(2));
      run.broker.truncate(run.broker.size() - 1);
      run.kill(one);
      run.leastOfTheDead.clear(); // gone with the log and its author
      two.setIsolated(false);
      run.await("the next epoch begins", () -> two.epoch() == 2);
      run.rest();
    }
  }

  @Test
  void logTruncated_whileAllWereAway_everySeed_theOneThatHeldMostGoesFirst() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, false);
      SimulatedNode author = run.start();
      SimulatedNode behind = run.start();
      SimulatedNode ahead = run.start();
      run.awaitReady();
      run.write(author, 20);
      run.rest();
      behind.setIsolated(true);
      run.write(author, 40);
      run.await("the other follows", () -> ahead.state().equals(author.state()));
      run.time.run(Duration.ofSeconds(1));
      Map<String, String> most = ahead.state();
      ahead.setIsolated(true);
      run.write(author, 300);
      run.time.run(Duration.ofSeconds(2));
      run.broker.truncate(run.broker.size() - 1);
      run.kill(author);
      run.leastOfTheDead.clear(); // gone with the log and its author
      run.leastOfTheDead.putAll(most);
      behind.setIsolated(false);
      ahead.setIsolated(false);
      run.rest();
    }
  }

  @Test
  void databaseOfAnotherEpoch_everySeed_theNextOneIsWrittenAboveIt() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
      Run run = new Run(seed, true);
      MemorySnapshotStore store = new MemorySnapshotStore(run.disk);
      run.start();
      run.start();
      run.awaitReady();
      run.write(run.nodes.get(0), 20);
      run.rest();
      run.time.run(Duration.ofSeconds(5));
      SnapshotStore.Checkpoint before = store.readCheckpoint().orElseThrow();
      EpochId foreign = new EpochId(7, Origin.random().id());
      store.writeRound(
          new SnapshotStore.Round(
              before.version(),
              new SnapshotStore.Checkpoint(
                  before.version() + 1, foreign, before.position(), Map.of(), before.state()),
              List.of()));
      run.write(run.nodes.get(1), 20);
      run.await(
          "the cluster's epoch is above the foreign one",
          () -> run.nodes.stream().allMatch(node -> node.epoch() == 8));
      run.rest();
      run.await(
          "and is written", () -> store.readCheckpoint().orElseThrow().epoch().counter() == 8);
    }
  }

  /**
   * A write that others have applied, but not its author, who then misses a whole epoch: it is not
   * written again over what came later.
   */
  @Test
  void logDeletedTwice_whileAMemberIsAway_everySeed_nothingIsAppliedTwice() {
    int unheard = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, false);
      SimulatedNode one = run.start();
      SimulatedNode two = run.start();
      run.awaitReady();
      run.write(one, 5);
      run.write(two, 5);
      run.rest();
      two.put("shared", "1");
      run.time.runUntil(PATIENCE, () -> one.state().containsKey("shared"));
      boolean heard = two.confirmed().containsKey("shared");
      two.setIsolated(true);
      one.offer(SimulatedNode.putEvent("shared", "2"), fate -> {});
      for (int i = 2; i <= 3; i++) {
        run.time.run(Duration.ofSeconds(1));
        run.broker.deleteLog(Duration.ZERO);
        long epoch = i;
        run.await("epoch " + i, () -> one.epoch() == epoch);
        run.time.run(Duration.ofSeconds(6)); // the next epoch is quiet for so long
      }
      two.setIsolated(false);
      two.written().remove("shared");
      run.await("ready", () -> two.member().isReady() && two.epoch() == 3);
      run.time.run(Duration.ofSeconds(2));
      assertThat(one.state()).as("seed %d", seed).containsEntry("shared", "2");
      assertThat(two.state()).as("seed %d", seed).containsEntry("shared", "2");
      unheard += heard ? 0 : 1;
    }
    assertThat(unheard).as("writes that their author had not seen applied").isPositive();
  }

  @Test
  void logLosesItsTail_databaseIsAhead_everySeed_theNextEpochBeginsWithTheDatabase() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed, true);
      SimulatedNode author = run.start();
      run.awaitReady();
      run.write(author, 100);
      run.rest();
      run.time.run(Duration.ofSeconds(5)); // the projector writes what was applied
      run.kill(author);
      run.broker.loseTail(3 + run.random.nextInt(5));
      run.start();
      run.start();
      run.nodes.forEach(node -> run.write(node, 10));
      run.rest();
      assertThat(run.nodes).as("seed %d", seed).allSatisfy(n -> assertThat(n.epoch()).isEqualTo(2));
    }
  }
}
