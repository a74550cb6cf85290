// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.member.MemberSettings;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member gets its memory anew, since it has missed something, when all others die. */
class OneLeftSimulationTest {

  private static final int SEEDS = Integer.getInteger("warren.simulation.seeds", 200);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);
  private static final int LATE = 20;

  /** A cluster of which one member gets its memory anew, slowly, since it missed an event. */
  private static final class Run {
    final long seed;
    final VirtualTime time;
    final SimulatedBroker broker;
    final SimulatedNode first;
    final SimulatedNode second;
    final SimulatedNode left;

    Run(long seed) {
      this.seed = seed;
      time = new VirtualTime(seed);
      broker = new SimulatedBroker(time);
      first = new SimulatedNode(broker, slowSource("first"), null);
      second = new SimulatedNode(broker, slowSource("second"), null);
      left = new SimulatedNode(broker, SimulatedNode.settings("left"), null);
      await("ready", () -> isReady(first) && isReady(second) && isReady(left));
      first.put("before", "x".repeat(10_000));
      await("written", () -> left.state().containsKey("before"));
      left.miss(1);
      first.put("missed", "1");
      await("missed", left::hasMissed);
      await("a transfer", () -> !isReady(left));
      for (int i = 0; i < LATE; i++) {
        first.put("first" + i, "1");
        second.put("second" + i, "1");
      }
      await("acknowledged", () -> first.isQuiet() && second.isQuiet());
      assertThat(isReady(left)).as("%s: ready too early", this).isFalse();
      first.kill();
      second.kill();
    }

    void await(String what, BooleanSupplier condition) {
      assertThat(time.runUntil(Duration.ofMinutes(3), condition)).as("%s: %s", this, what).isTrue();
    }

    /**
     * What the others wrote until they died stands in the log, behind what the one that is left has
     * applied. It is blind to the author of whose events it missed one (A4), but not to the other.
     */
    void assertKeepsWhatStandsInTheLog() {
      await("ready again", () -> isReady(left));
      await("the next epoch", () -> left.epoch() == 2);
      left.put("after", "1");
      await("written again", left::isQuiet);
      assertThat(left.state()).as(toString()).containsKeys("before", "after");
      assertThat(missing(left, "first") == 0 || missing(left, "second") == 0)
          .as("%s: %s", this, left.state().keySet())
          .isTrue();
    }

    @Override
    public String toString() {
      return "seed " + seed + " " + left;
    }
  }

  private static void everySeed(Consumer<Run> then) {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Run run = new Run(seed);
      then.accept(run);
      run.assertKeepsWhatStandsInTheLog();
    }
  }

  @Test
  void othersDieDuringTheTransfer_everySeed_whatStandsInTheLogIsKept() {
    everySeed(run -> {});
  }

  /** The epoch that is owed is on its way when the connection ends. */
  @Test
  void connectionEndsWhenItIsReady_everySeed_theEpochBeginsAllTheSame() {
    everySeed(
        run -> {
          run.await("ready again", () -> isReady(run.left));
          assertThat(run.left.epoch()).as(run.toString()).isEqualTo(1);
          run.broker.cutConnections();
        });
  }

  /** It takes the log for another one, since nothing comes; then all is as it was. */
  @Test
  void logIsSilentAndTheEpochIsLost_everySeed_becomesReadyAllTheSame() {
    everySeed(
        run -> {
          run.broker.lossPercent(100);
          run.left.miss(Integer.MAX_VALUE);
          run.await("an epoch is appended", () -> run.broker.lost() > 0);
          assertThat(run.broker.lost()).as("%s: the epoch", run).isEqualTo(1);
          assertThat(isReady(run.left)).as(run.toString()).isFalse();
          run.broker.lossPercent(0);
          run.left.miss(0);
        });
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
}
