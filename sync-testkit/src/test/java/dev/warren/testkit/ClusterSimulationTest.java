// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@link ClusterSimulation} for many seeds; a failure names its seed, which repeats it. */
class ClusterSimulationTest {
  private static final int SEEDS = Integer.getInteger("warren.simulation.cluster.seeds", 10_000);
  private static final long FIRST_SEED = Long.getLong("warren.simulation.first", 1);

  @Test
  void life_everySeed_allEndAsTheLogSays() {
    Map<ClusterSimulation.Fault, Integer> all = new EnumMap<>(ClusterSimulation.Fault.class);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Map<ClusterSimulation.Fault, Integer> faults;
      try {
        faults = ClusterSimulation.run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      assertThat(faults.values().stream().mapToInt(Integer::intValue).sum())
          .as("seed %d: faults that did happen", seed)
          .isGreaterThanOrEqualTo(ClusterSimulation.LEAST_FAULTS);
      faults.forEach((fault, count) -> all.merge(fault, count, Integer::sum));
    }
    System.out.println(SEEDS + " seeds, faults that did happen: " + all);
    int newEpochs = Optional.ofNullable(all.remove(ClusterSimulation.Fault.NEW_EPOCH)).orElse(0);
    assertThat(newEpochs).as("seeds not held against the log").isLessThan(1 + SEEDS / 50);
    assertThat(all).hasSize(ClusterSimulation.Fault.values().length - 1);
  }
}
