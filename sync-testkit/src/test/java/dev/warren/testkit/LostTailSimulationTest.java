// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A broker comes back without the end of its log, which some members had applied. */
class LostTailSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 200);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static void await(
      VirtualTime time, String what, List<SimulatedNode> nodes, BooleanSupplier condition) {
    assertThat(time.runUntil(PATIENCE, condition)).as("%s; nodes %s", what, nodes).isTrue();
  }

  /**
   * One member could go on with what the log still holds; the other has applied, and written, more,
   * and its lost writes have left its outbox. In the same epoch it could never write again:
   * replicas would wait for the missing sequences. So the next epoch must begin, from either's
   * memory.
   */
  @Test
  void tailLost_oneMemberHadAppliedIt_everySeed_bothWriteAndEndEqual() {
    int survived = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      VirtualTime time = new VirtualTime(seed);
      SimulatedBroker broker = new SimulatedBroker(time);
      List<SimulatedNode> nodes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        nodes.add(new SimulatedNode(broker, SimulatedNode.settings("n" + i), null));
      }
      String of = "seed " + seed + ": ";
      await(time, of + "ready", nodes, () -> nodes.stream().allMatch(n -> n.member().isReady()));
      SimulatedNode ahead = nodes.get(0);
      SimulatedNode behind = nodes.get(1);
      ahead.put("before", "1");
      await(time, of + "written", nodes, () -> behind.state().containsKey("before"));
      behind.setIsolated(true);
      time.run(Duration.ofMillis(200));
      long kept = broker.last();
      for (int i = 0; i < 1 + seed % 5; i++) {
        ahead.put("lost" + i, "1");
        time.run(Duration.ofMillis(time.random().nextInt(300)));
      }
      await(time, of + "applied", nodes, ahead::isQuiet);

      broker.setUp(false);
      broker.loseTail((int) (broker.last() - kept));
      behind.setIsolated(false);
      time.run(Duration.ofMillis(time.random().nextInt(2_000)));
      boolean isLate = seed % 2 == 0; // then the other one is there, and goes on, before
      ahead.setIsolated(isLate);
      broker.setUp(true);
      time.run(Duration.ofSeconds(isLate ? 1 + time.random().nextInt(9) : 0));
      ahead.setIsolated(false);
      time.run(Duration.ofSeconds(30));

      ahead.put("after-ahead", "1");
      behind.put("after-behind", "1");
      await(
          time, of + "nothing waits", nodes, () -> nodes.stream().allMatch(SimulatedNode::isQuiet));
      await(time, of + "equal", nodes, () -> ahead.state().equals(behind.state()));
      assertThat(behind.state()).as(of).containsKeys("before", "after-ahead", "after-behind");
      assertThat(nodes).as(of).allSatisfy(node -> assertThat(node.epoch()).isEqualTo(2));
      survived += ahead.state().containsKey("lost0") ? 1 : 0;
    }
    System.out.printf("lost tails whose writes a member brought back: %d of %d%n", survived, SEEDS);
    assertThat(survived).isPositive();
  }
}
