// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.member.MemberSettings;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * A third member gets a memory of 37 chunks from one of two, on virtual time, while things fail.
 */
class TransferSimulationTest {

  private static final int ENTRIES = 600;
  private static final long BYTES = ENTRIES * 8_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Two members hold the memory, and a joiner has begun to receive it. */
  private static final class Run {
    final long seed;
    final VirtualTime time;
    final SimulatedBroker broker;
    final List<SimulatedNode> holders = new ArrayList<>();
    final SimulatedNode joiner;

    Run(long seed, long bytesPerSecond) {
      this.seed = seed;
      time = new VirtualTime(seed);
      broker = new SimulatedBroker(time);
      holders.add(start(bytesPerSecond));
      holders.add(start(bytesPerSecond));
      await("holders ready", () -> holders.stream().allMatch(n -> n.member().isReady()));
      for (int i = 0; i < ENTRIES; i++) {
        holders.get(0).offer(SimulatedNode.putEvent("k" + i, "x".repeat(8_000)), fate -> {});
      }
      await("applied", () -> holders.stream().allMatch(n -> n.state().size() == ENTRIES));
      joiner = start(bytesPerSecond);
      await("a transfer", () -> holders.stream().anyMatch(n -> n.member().transfers() > 0));
    }

    private SimulatedNode start(long bytesPerSecond) {
      MemberSettings usual = SimulatedNode.settings("n");
      MemberSettings settings =
          new MemberSettings(
              usual.name(),
              usual.epochGrace(),
              usual.seekTimeout(),
              usual.heartbeat(),
              usual.memberTimeout(),
              usual.projectionInterval(),
              bytesPerSecond);
      return new SimulatedNode(broker, settings, null);
    }

    SimulatedNode source() {
      return holders.stream().filter(n -> n.member().transfers() > 0).findFirst().orElseThrow();
    }

    /** Lets it go on for a while; true if it still is under way then. */
    boolean goesOnFor(int millis) {
      time.run(Duration.ofNanos(1_000_000L * millis));
      return !joiner.member().isReady()
          && holders.stream().anyMatch(n -> n.member().transfers() > 0);
    }

    void awaitJoined() {
      await("joined", () -> joiner.member().isReady());
      assertThat(joiner.state()).as("seed %d", seed).hasSize(ENTRIES);
    }

    void await(String what, BooleanSupplier condition) {
      assertThat(time.runUntil(PATIENCE, condition)).as("seed %d: %s", seed, what).isTrue();
    }
  }

  @Test
  void transfer_joinerOrSourceDies_everySeed_nothingIsKeptAndAnotherServes() {
    int joinersDied = 0;
    int sourcesDied = 0;
    for (long seed = 1; seed <= 30; seed++) {
      Run run = new Run(seed, MemberSettings.UNLIMITED);
      SimulatedNode source = run.source();
      boolean midway = run.goesOnFor(run.time.random().nextInt(10));
      if (seed % 2 == 0) {
        run.joiner.kill();
        run.time.run(Duration.ofSeconds(30));
        assertThat(source.member().transfers()).as("seed %d: kept", seed).isZero();
        joinersDied += midway ? 1 : 0;
      } else {
        source.kill();
        sourcesDied += midway ? 1 : 0;
        run.awaitJoined();
      }
    }
    assertThat(joinersDied).as("joiners that did die midway").isPositive();
    assertThat(sourcesDied).as("sources that did die midway").isPositive();
  }

  /** What had come before a connection was cut is not sent again, but for what was on its way. */
  @Test
  void transfer_joinerOrSourceIsCutOff_everySeed_goesOnWhereItStopped() {
    for (long seed = 1; seed <= 40; seed++) {
      Run run = new Run(seed, MemberSettings.UNLIMITED);
      SimulatedNode cut = seed % 2 == 0 ? run.joiner : run.source();
      long share = BYTES * (50 + run.time.random().nextInt(40)) / 100;
      run.await("most has come", () -> run.joiner.peerBytes() >= share);
      assertThat(run.joiner.member().isReady()).as("seed %d: midway", seed).isFalse();
      cut.setIsolated(true);
      run.time.run(Duration.ofMillis(run.time.random().nextInt(2_000)));
      cut.setIsolated(false);

      run.awaitJoined();

      assertThat(run.joiner.peerBytes()).as("seed %d", seed).isLessThan(BYTES * 5 / 4);
      run.time.run(Duration.ofSeconds(30));
      assertThat(run.holders).allSatisfy(n -> assertThat(n.member().transfers()).isZero());
    }
  }

  @Test
  void transfer_rateIsLimited_takesItsTime() {
    Run run = new Run(1, 1 << 20);
    long begun = run.time.nowMillis();
    run.awaitJoined();
    assertThat(run.time.nowMillis() - begun)
        .isBetween(BYTES * 1_000 / (1 << 20) - 500, BYTES * 1_000 / (1 << 20) + 2_000);
  }
}
