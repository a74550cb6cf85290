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
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Two members have missed something without noticing, and the third, which has all of it, dies. */
class MissedByTwoSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 200);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);

  /**
   * The one that has missed more takes the memory of the other, which has missed a write of its
   * own, one that it no longer has. In the same epoch replicas would wait for that for ever.
   */
  @Test
  void ownWriteIsInNoMemory_everySeed_bothWriteAndEndEqual() {
    int begunAnew = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed);
      run.awaitAll("ready", node -> node.member().isReady());
      run.all.put("before", "1");
      run.awaitAll("written", node -> node.state().containsKey("before"));

      run.other.miss(1);
      run.author.put("own", "1");
      run.await("missed", run.other::hasMissed);
      run.await("applied", () -> run.author.isQuiet());
      run.author.miss(1);
      for (int i = 0; i < 5; i++) {
        run.all.put("foreign" + i, "1");
      }
      run.await("missed too", run.author::hasMissed);
      run.time.run(Duration.ofMillis(run.time.random().nextInt(300)));
      run.all.kill();
      run.nodes.remove(run.all);

      run.time.run(Duration.ofSeconds(30));
      run.awaitAll("ready again", node -> node.member().isReady());
      run.author.put("after-author", "1");
      run.other.put("after-other", "1");
      run.awaitAll("nothing waits", SimulatedNode::isQuiet);
      run.await("equal", () -> run.author.state().equals(run.other.state()));
      assertThat(run.author.state())
          .as(run.toString())
          .containsKeys("before", "after-author", "after-other");
      begunAnew += run.author.epoch() > 1 ? 1 : 0;
    }
    System.out.printf("runs in which the next epoch began: %d of %d%n", begunAnew, SEEDS);
    assertThat(begunAnew).isPositive();
  }

  private static final class Run {
    final long seed;
    final VirtualTime time;
    final SimulatedNode all;
    final SimulatedNode author;
    final SimulatedNode other;
    final List<SimulatedNode> nodes;

    Run(long seed) {
      this.seed = seed;
      time = new VirtualTime(seed);
      SimulatedBroker broker = new SimulatedBroker(time);
      all = new SimulatedNode(broker, SimulatedNode.settings("all"), null);
      author = new SimulatedNode(broker, SimulatedNode.settings("author"), null);
      other = new SimulatedNode(broker, SimulatedNode.settings("other"), null);
      nodes = new ArrayList<>(List.of(all, author, other));
    }

    void await(String what, BooleanSupplier condition) {
      assertThat(time.runUntil(Duration.ofMinutes(2), condition)).as("%s: %s", this, what).isTrue();
    }

    void awaitAll(String what, Predicate<SimulatedNode> condition) {
      await(what, () -> nodes.stream().allMatch(condition));
    }

    @Override
    public String toString() {
      return "seed " + seed + " " + nodes;
    }
  }
}
