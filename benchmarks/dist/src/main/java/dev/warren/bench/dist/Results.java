// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The figures of a run, and their table in Markdown: medians, with the least and the most. */
final class Results {

  static final String WARREN = "Warren";

  /** What stands beside Warren: the raw client, a local cache. */
  static final String BESIDE = "beside";

  private static final String NOTHING = "";

  private final Map<Line, Map<String, List<Double>>> figures = new EnumMap<>(Line.class);
  private final List<String> peers = new ArrayList<>();
  private final Set<String> failed = new HashSet<>();
  private final List<String> notes = new ArrayList<>();

  void add(Line line, String side, double figure) {
    figures
        .computeIfAbsent(line, l -> new LinkedHashMap<>())
        .computeIfAbsent(side, s -> new ArrayList<>())
        .add(figure);
    System.err.printf(Locale.ROOT, "  %s, %s: %s %s%n", line.cell, line.unit, side, show(figure));
  }

  void addPeer(String peer) {
    peers.add(peer);
  }

  /** A peer of which no more figures come; what it has keeps its place. */
  void fail(String peer, String reason) {
    failed.add(peer);
    note("**" + peer + " failed**: " + reason);
  }

  boolean anyFailed() {
    return !failed.isEmpty();
  }

  /** What must be known of the figures; stands below the table. */
  void note(String note) {
    notes.add(note);
    System.err.println("  " + note);
  }

  private List<Double> of(Line line, String side) {
    return figures.getOrDefault(line, Map.of()).getOrDefault(side, List.of());
  }

  String markdown() {
    StringBuilder text =
        new StringBuilder("| cell | figure | Warren | beside it | ratio | wanted |");
    peers.forEach(peer -> text.append(' ').append(peer).append(" |"));
    text.append("\n|---|---|---:|---:|---:|---|").append("---:|".repeat(peers.size())).append('\n');
    for (Line line : figures.keySet()) {
      text.append(line(line));
    }
    text.append('\n');
    notes.forEach(note -> text.append("* ").append(note).append('\n'));
    return text.toString();
  }

  private String line(Line line) {
    List<Double> ours = of(line, Results.WARREN);
    List<Double> base = of(line, Results.BESIDE);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), base.size()); i++) {
      ratios.add(ours.get(i) / base.get(i));
    }
    List<Double> judged = line.goal.ofRatio() ? ratios : ours;
    String verdict = judged.isEmpty() ? line.goal.toString() : line.goal.verdict(median(judged));
    StringBuilder text = new StringBuilder();
    text.append("| ").append(line.cell).append(" | ").append(line.unit);
    text.append(" | ").append(spread(ours)).append(" | ");
    text.append(base.isEmpty() ? NOTHING : line.beside + ": " + spread(base));
    text.append(" | ").append(spread(ratios));
    text.append(" | ").append(verdict).append(" |");
    peers.forEach(peer -> text.append(' ').append(ofPeer(line, peer)).append(" |"));
    return text.append('\n').toString();
  }

  private String ofPeer(Line line, String peer) {
    List<Double> found = of(line, peer);
    return found.isEmpty() && failed.contains(peer) ? "failed" : spread(found);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static String spread(List<Double> values) {
    return values.isEmpty()
        ? NOTHING
        : "%s (%s–%s)"
            .formatted(
                show(median(values)), show(Collections.min(values)), show(Collections.max(values)));
  }

  private static String show(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
