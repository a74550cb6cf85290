// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The comparison as Markdown. A ratio is the time of the best peer divided by that of the first
 * provider: above 1 the first is faster.
 */
record Report(List<String> peers, Map<Cell, Map<String, Figure>> table) {

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| cell | ");
    for (String peer : peers) {
      text.append(peer).append(" ns (± 99.9 %) | ");
    }
    text.append("ratio to best peer | bytes/op |\n|---|");
    text.append("---:|".repeat(peers.size() + 2)).append('\n');
    table.forEach((cell, row) -> line(text, cell, row));
    text.append('\n');
    summary(text, "all cells by value", Cell::byValue);
    summary(text, "POJO cells by value", c -> c.byValue() && c.value() == ValueKind.POJO);
    summary(text, "byte[] cells by value", c -> c.byValue() && c.value() == ValueKind.BYTES);
    summary(text, "cells by reference", c -> !c.byValue());
    return text.toString();
  }

  private void line(StringBuilder text, Cell cell, Map<String, Figure> row) {
    text.append("| ").append(cell.name()).append(" | ");
    for (String peer : peers) {
      Figure figure = figure(row, peer);
      text.append(
          Double.isNaN(figure.nanos())
              ? "failed | "
              : String.format(Locale.ROOT, "%,.1f ± %,.1f | ", figure.nanos(), figure.error()));
    }
    Ratio ratio = ratio(row);
    text.append(
        String.format(
            Locale.ROOT,
            "%.2f (%.2f–%.2f) | %.0f |%n",
            ratio.mean,
            ratio.low,
            ratio.high,
            figure(row, peers.get(0)).bytes()));
  }

  private record Ratio(double mean, double low, double high) {}

  /** The interval is the widest that both confidence intervals allow. */
  private Ratio ratio(Map<String, Figure> row) {
    Figure ours = figure(row, peers.get(0));
    Figure best = new Figure(Double.NaN, Double.NaN, Double.NaN);
    for (String peer : peers.subList(1, peers.size())) {
      Figure figure = figure(row, peer);
      if (Double.isNaN(best.nanos()) || figure.nanos() < best.nanos()) {
        best = figure;
      }
    }
    return new Ratio(
        best.nanos() / ours.nanos(),
        Math.max(0, best.nanos() - best.error()) / (ours.nanos() + ours.error()),
        (best.nanos() + best.error()) / Math.max(0.01, ours.nanos() - ours.error()));
  }

  private static Figure figure(Map<String, Figure> row, String peer) {
    Figure figure = row.get(peer);
    return figure == null ? new Figure(Double.NaN, Double.NaN, Double.NaN) : figure;
  }

  private void summary(StringBuilder text, String what, Predicate<Cell> chosen) {
    List<Double> logs = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<Cell, Map<String, Figure>> row : table.entrySet()) {
      double ratio = ratio(row.getValue()).mean;
      if (chosen.test(row.getKey()) && !Double.isNaN(ratio)) {
        logs.add(Math.log(ratio));
        least = Math.min(least, ratio);
      }
    }
    if (!logs.isEmpty()) {
      double mean = Math.exp(logs.stream().mapToDouble(Double::doubleValue).average().orElse(0));
      text.append(
          String.format(
              Locale.ROOT,
              "* %s: geometric mean %.2f, least %.2f (%d cells)%n",
              what,
              mean,
              least,
              logs.size()));
    }
  }
}
