// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.replica.OpenCache;
import dev.warren.sync.replica.Replica;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Rule F3 where an own {@code Join} or {@code Opened} is never read, but covered by a memory. */
class OpenedSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 300);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CACHE = "e";

  private static void await(
      VirtualTime time, String what, List<SimulatedNode> nodes, BooleanSupplier condition) {
    assertThat(time.runUntil(PATIENCE, condition)).as("%s; nodes %s", what, nodes).isTrue();
  }

  private static boolean hasOpen(SimulatedNode in, SimulatedNode member) {
    Replica replica = in.member().replica();
    OpenCache open = replica == null ? null : replica.open(CACHE);
    return open != null && open.members().contains(member.member().origin());
  }

  /**
   * New epochs and suspicions, and connections that end just when a member has joined: in the end
   * what is open stands on every member, and what was written goes through.
   */
  @Test
  void connectionsEndWhileAMemberJoins_everySeed_whatIsOpenStandsInTheEnd() {
    int suspected = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      VirtualTime time = new VirtualTime(seed);
      Random random = time.random();
      SimulatedBroker broker = new SimulatedBroker(time);
      List<SimulatedNode> nodes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        SimulatedNode node = new SimulatedNode(broker, SimulatedNode.settings("n" + i), null);
        node.open(CACHE, "replicated");
        nodes.add(node);
      }
      String of = "seed " + seed + ": ";
      await(time, of + "ready", nodes, () -> nodes.stream().allMatch(n -> n.member().isReady()));
      for (int round = 0; round < 3; round++) {
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        if (random.nextBoolean()) {
          broker.deleteLog(Duration.ZERO);
        } else {
          node.setIsolated(true);
          time.run(Duration.ofSeconds(3 + random.nextInt(4)));
          node.setIsolated(false);
          suspected++;
        }
        byte[] value = ("v" + round).getBytes(StandardCharsets.UTF_8);
        node.offer(
            new Event.Put(CACHE, Bytes.wrap(value), value, Event.NEVER, Event.ANY), fate -> {});
        for (int i = random.nextInt(6); i > 0; i--) {
          time.run(Duration.ofMillis(random.nextInt(120)));
          broker.cutConnections();
        }
      }
      await(time, of + "nothing waits", nodes, () -> nodes.stream().allMatch(this::isAtRest));
      await(
          time,
          of + "open everywhere",
          nodes,
          () -> nodes.stream().allMatch(in -> nodes.stream().allMatch(m -> hasOpen(in, m))));
    }
    assertThat(suspected).isPositive();
  }

  private boolean isAtRest(SimulatedNode node) {
    return node.member().isReady() && node.isQuiet();
  }
}
