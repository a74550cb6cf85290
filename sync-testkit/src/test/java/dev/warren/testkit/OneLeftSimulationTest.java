// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.member.MemberSettings;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member gets its memory anew, since it has missed something, when all others die. */
class OneLeftSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 200);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final int LATE = 20;

  /**
   * What the others wrote until they died stands in the log, behind what the one that is left has
   * applied. It is blind to the author of whose events it missed one (A4), but not to the other.
   */
  @Test
  void othersDieDuringTheTransfer_everySeed_whatStandsInTheLogIsKept() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      VirtualTime time = new VirtualTime(seed);
      SimulatedBroker broker = new SimulatedBroker(time);
      SimulatedNode first = new SimulatedNode(broker, slowSource("first"), null);
      SimulatedNode second = new SimulatedNode(broker, slowSource("second"), null);
      SimulatedNode left = new SimulatedNode(broker, SimulatedNode.settings("left"), null);
      await(time, "ready", () -> isReady(first) && isReady(second) && isReady(left));
      first.put("before", "x".repeat(10_000));
      await(time, "written", () -> left.state().containsKey("before"));

      left.miss(1);
      first.put("missed", "1");
      await(time, "missed", left::hasMissed);
      await(time, "a transfer", () -> !left.member().isReady());
      for (int i = 0; i < LATE; i++) {
        first.put("first" + i, "1");
        second.put("second" + i, "1");
      }
      await(time, "acknowledged", () -> first.isQuiet() && second.isQuiet());
      assertThat(left.member().isReady()).as("seed %d: ready too early", seed).isFalse();
      first.kill();
      second.kill();

      await(time, "ready again", () -> left.member().isReady());
      left.put("after", "1");
      await(time, "written again", left::isQuiet);
      assertThat(left.state()).as("seed %d", seed).containsKeys("before", "after");
      assertThat(missing(left, "first") == 0 || missing(left, "second") == 0)
          .as("seed %d: %s", seed, left.state().keySet())
          .isTrue();
    }
  }

  private static boolean isReady(SimulatedNode node) {
    return node.member().isReady();
  }

  private static long missing(SimulatedNode node, String author) {
    return IntStream.range(0, LATE).filter(i -> !node.state().containsKey(author + i)).count();
  }

  /** One whose memory takes minutes to fetch. */
  private static MemberSettings slowSource(String name) {
    MemberSettings usual = SimulatedNode.settings(name);
    return new MemberSettings(
        name,
        usual.epochGrace(),
        usual.seekTimeout(),
        usual.heartbeat(),
        usual.memberTimeout(),
        usual.projectionInterval(),
        100);
  }

  private static void await(VirtualTime time, String what, BooleanSupplier condition) {
    assertThat(time.runUntil(Duration.ofMinutes(3), condition)).as(what).isTrue();
  }
}
