// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link ClusterSimulation} finds what it is there to find. */
class PlantedBugTest {
  private static final int SEEDS = 1_000;

  @Test
  void run_nothingPlanted_findsNothing() throws Throwable {
    PlantedBug.World world = new PlantedBug.World(Map.of());
    for (long seed = 1; seed <= 20; seed++) {
      world.run(seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void run_bugPlanted_findsIt(PlantedBug bug) throws Throwable {
    PlantedBug.World world = bug.world();
    String found = "";
    long seed = 0;
    while (found.isEmpty() && ++seed <= SEEDS) {
      try {
        world.run(seed);
      } catch (AssertionError | RuntimeException e) {
        found = String.valueOf(e);
      }
    }
    System.out.printf("%s (%s): seed %d: %.150s%n", bug, bug.rule, seed, found);
    assertThat(found).as("%s, %s, in %d seeds", bug, bug.rule, SEEDS).isNotEmpty();
  }
}
