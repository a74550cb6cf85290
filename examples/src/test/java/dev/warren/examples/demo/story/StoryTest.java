// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.report.Table;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StoryTest {

  private final StringBuilder told = new StringBuilder();
  private final Table table = new Table();

  @Test
  void run_everythingRight_goesThroughEveryStep() throws IOException, InterruptedException {
    try (SharedMaps cluster = new SharedMaps(true)) {
      new Story(false).run(cluster, Progress.on(told, true), table);

      assertThat(cluster.log())
          .containsExactly(
              "start 1",
              "start 2",
              "persisted 1",
              "kill 2",
              "start 2",
              "persisted 1",
              "persisted 2",
              "kill 1",
              "kill 2",
              "empty database",
              "start 1",
              "start 2",
              "persisted 1",
              "persisted 2",
              "kill 1",
              "kill 2",
              "lose log",
              "start 1",
              "start 2",
              "kill broker",
              "restart broker");
    }
    assertThat(table.allRight()).as(table.format(Integer.MAX_VALUE)).isTrue();
    assertThat(table.format(Integer.MAX_VALUE))
        .contains("entries from the log, 7 ms", "from MongoDB, 0 from the log, 7 ms")
        .contains("imagined broker", "writes accepted, 0 refused")
        .doesNotContain("WRONG");
    assertThat(told).contains("0 wrong answers");
  }

  @Test
  void run_plantedWrongAnswer_isFoundByEveryNode() throws IOException, InterruptedException {
    try (SharedMaps cluster = new SharedMaps(false)) {
      new Story(true).run(cluster, Progress.on(told, true), table);
    }
    assertThat(table.allRight()).isFalse();
    assertThat(table.format(Integer.MAX_VALUE))
        .contains("1 fill", "WRONG (1 of ", "WRONG (2 of ", "needs a real broker");
    assertThat(told).contains("a planted wrong answer");
  }
}
