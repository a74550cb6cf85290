// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The steps and how they ended, in columns. */
public final class Table {

  private static final List<Function<Row, String>> CELLS =
      List.of(Row::step, Row::what, Row::figure, row -> row.outcome().text());
  private static final Row HEADS =
      new Row("step", "what", "figure", new Outcome.NotRun("right or wrong"));

  private final List<Row> rows = new ArrayList<>();

  /** Appends a step. */
  public void add(Row row) {
    rows.add(row);
  }

  /** True if no step has ended. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** True if every comparison was right, and there was one. */
  public boolean allRight() {
    return rows.stream().allMatch(row -> row.outcome().good())
        && rows.stream().anyMatch(row -> row.outcome() instanceof Outcome.Compared);
  }

  /** The table in columns, or as paragraphs where a line may not be that long. */
  public String format(int longestLine) {
    String columns = columns();
    return columns.lines().allMatch(line -> line.length() <= longestLine) ? columns : paragraphs();
  }

  private String paragraphs() {
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      text.append(row.step()).append('\n');
      for (Function<Row, String> cell : CELLS.subList(1, CELLS.size())) {
        text.append("    ").append(cell.apply(row)).append('\n');
      }
    }
    return text.toString();
  }

  private String columns() {
    List<Row> all = new ArrayList<>(rows);
    all.add(0, HEADS);
    int[] widths =
        CELLS.stream()
            .mapToInt(
                cell -> all.stream().mapToInt(row -> cell.apply(row).length()).max().orElse(0))
            .toArray();
    StringBuilder text = new StringBuilder();
    for (Row row : all) {
      text.append(line(row, widths)).append('\n');
      if (row.equals(HEADS)) {
        for (int i = 0; i < widths.length; i++) {
          text.append(i == 0 ? "" : "-+-").append("-".repeat(widths[i]));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static String line(Row row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = CELLS.get(i).apply(row);
      line.append(i == 0 ? "" : " | ").append(cell).append(" ".repeat(widths[i] - cell.length()));
    }
    return line.toString().stripTrailing();
  }
}
