// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  private static final Row RIGHT =
      new Row("1 fill", "node 1 fills", "1.9 s", new Outcome.Compared(35_684, 0));
  private static final Row NOT_RUN =
      new Row("7 kill", "broker killed", "-", new Outcome.NotRun("needs a real broker"));

  @Test
  void format_severalRows_standsInColumns() {
    Table table = new Table();
    table.add(RIGHT);
    table.add(NOT_RUN);

    assertThat(table.format(Integer.MAX_VALUE))
        .isEqualTo(
            """
            step   | what          | figure | right or wrong
            -------+---------------+--------+------------------------
            1 fill | node 1 fills  | 1.9 s  | right (35,684 compared)
            7 kill | broker killed | -      | needs a real broker
            """);
  }

  @Test
  void format_narrowTerminal_standsInParagraphs() {
    Table table = new Table();
    table.add(RIGHT);

    assertThat(table.format(56)).startsWith("step   | what");
    assertThat(table.format(55))
        .isEqualTo(
            """
            1 fill
                node 1 fills
                1.9 s
                right (35,684 compared)
            """);
  }

  @Test
  void allRight_rightAndNotRun_isTrue() {
    Table table = new Table();
    table.add(RIGHT);
    table.add(NOT_RUN);

    assertThat(table.allRight()).isTrue();
  }

  @Test
  void allRight_oneWrongAnswer_isFalse() {
    Table table = new Table();
    table.add(RIGHT);
    Row wrong = new Row("2 read", "node 2 reads", "-", new Outcome.Compared(99, 1));
    table.add(wrong);

    assertThat(table.allRight()).isFalse();
    assertThat(table.format(200)).contains("WRONG (1 of 100)");
  }

  @Test
  void allRight_nothingCompared_isFalse() {
    Table table = new Table();
    table.add(NOT_RUN);

    assertThat(table.allRight()).isFalse();
  }
}
