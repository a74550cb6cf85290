// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the cells of local caches with one provider after the other, and compares them. The
 * providers take turns within a cell, so that a machine that grows slower is slower for all.
 */
final class LocalBench {

  /** Seconds per iteration, iterations to warm up and to measure. */
  private static final List<String> TIMES = List.of("1", "4", "5");

  private static final List<String> QUICK_TIMES = List.of("0.2", "2", "3");

  private final Path benchmarks;
  private final Path results;
  private final List<Peer> peers = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();
  private boolean resume;
  private List<String> times = TIMES;

  private LocalBench(Path benchmarks) {
    this.benchmarks = benchmarks;
    this.results = benchmarks.resolve("target/local");
  }

  /**
   * @param arguments the folder {@code benchmarks}, then options
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LocalBench bench = new LocalBench(Path.of(arguments[0]));
    bench.configure(List.of(arguments).subList(1, arguments.length));
    Files.createDirectories(bench.results);
    String report = bench.run();
    Files.writeString(bench.results.resolve("report.md"), report);
    System.out.println(report);
  }

  private void configure(List<String> options) throws IOException {
    List<String> names = Peer.NAMES;
    List<Cell> from = Cell.core();
    String pattern = ".*";
    for (String option : options) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      switch (equals < 0 ? option : option.substring(0, equals)) {
        case "--all" -> from = Cell.all();
        case "--resume" -> resume = true;
        case "--quick" -> times = QUICK_TIMES;
        case "--cells" -> pattern = value;
        case "--peers" -> names = List.of(value.split(","));
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    for (String name : names) {
      peers.add(Peer.of(benchmarks, name));
    }
    for (Cell cell : from) {
      if (cell.name().matches(pattern)) {
        cells.add(cell);
      }
    }
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("no cell matches " + pattern);
    }
  }

  private String run() throws IOException, InterruptedException {
    Map<Cell, Map<String, Figure>> table = new LinkedHashMap<>();
    for (Cell cell : cells) {
      Map<String, Figure> row = new LinkedHashMap<>();
      for (Peer peer : peers) {
        row.put(peer.name(), figure(cell, peer));
      }
      table.put(cell, row);
      System.err.printf(
          Locale.ROOT, "%d of %d: %s %s%n", table.size(), cells.size(), cell.name(), row.values());
    }
    return new Report(peers.stream().map(Peer::name).toList(), table).markdown();
  }

  private Figure figure(Cell cell, Peer peer) throws IOException, InterruptedException {
    Path file = results.resolve(cell.name() + "." + peer.name());
    if (!resume || !Files.isRegularFile(file)) {
      Files.deleteIfExists(file);
      List<String> arguments = new ArrayList<>(List.of(cell.name(), file.toString()));
      arguments.addAll(times);
      try {
        peer.run(OneCell.class, List.of("-Xmx256m"), arguments);
      } catch (IOException e) {
        System.err.println(e.getMessage());
        return new Figure(Double.NaN, Double.NaN, Double.NaN);
      }
    }
    return Figure.read(file);
  }
}
