// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import dev.warren.testkit.RabbitBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Starts a broker, measures the cells with real processes, and prints the table. Whatever Warren
 * loses, or counts wrongly, ends the run; a peer that fails lets the others go on, and fails it at
 * its end.
 */
final class DistBench {

  private Scale scale = Scale.FULL;
  private Predicate<String> wanted = cell -> true;
  private List<Peer> peers = List.of(Peer.values());

  private DistBench() {}

  /**
   * Measures what the options ask for.
   *
   * @param arguments the folder {@code benchmarks}, then options
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path benchmarks = Path.of(arguments[0]);
    DistBench bench = new DistBench();
    bench.configure(List.of(arguments).subList(1, arguments.length));
    Results results = new Results();
    try (RabbitBroker broker = RabbitBroker.startOrSkip()) {
      bench.run(new Lab(benchmarks, broker.uri(), bench.scale, results));
    }
    PeerCells.run(new Lab(benchmarks, "none", bench.scale, results), bench.peers, bench.wanted);
    String report = about() + results.markdown();
    Files.writeString(benchmarks.resolve("target/dist/report.md"), report);
    System.out.println(report);
    if (results.anyFailed()) {
      System.exit(1);
    }
  }

  /** Without which figures say nothing. */
  private static String about() {
    return "Figures of %s at commit %s: JDK %s, %s, %d processors.%n%n"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            System.getProperty("warren.bench.commit", "unknown"),
            Runtime.version(),
            System.getProperty("os.name"),
            Runtime.getRuntime().availableProcessors());
  }

  private void configure(List<String> options) {
    for (String option : options) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      switch (equals < 0 ? option : option.substring(0, equals)) {
        case "--quick" -> scale = Scale.QUICK;
        case "--peers" -> peers = Peer.of(value);
        case "--cells" -> wanted = Pattern.compile(value).asMatchPredicate();
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (Arrays.stream(Line.values()).noneMatch(line -> wanted.test(line.cell))) {
      throw new IllegalArgumentException("no cell matches " + options);
    }
  }

  private boolean wants(Line... lines) {
    return Arrays.stream(lines).anyMatch(line -> wanted.test(line.cell));
  }

  private void run(Lab lab) throws IOException, InterruptedException {
    if (wants(Line.PUTS_1, Line.PUTS_4, Line.PUTS_16, Line.LATENCY_P50, Line.CALLER, Line.READS)) {
      try (PairCells pair = new PairCells(lab)) {
        pair.run(wanted);
      }
    }
    if (wants(Line.JOIN, Line.LOAD_GET)) {
      try (JoinCells join = new JoinCells(lab)) {
        join.run(wanted);
      }
    }
    if (wants(Line.IDLE)) {
      IdleCell.run(lab);
    }
  }
}
