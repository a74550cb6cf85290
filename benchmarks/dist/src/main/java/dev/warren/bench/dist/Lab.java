// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the cells share: the broker, the class paths, the scale, the table. */
record Lab(Path benchmarks, String broker, Scale scale, Results results) {

  /** As equal as can be for all: the same collector and heap for each process of a kind. */
  private static final String COLLECTOR = "-XX:+UseG1GC";

  /** A name for a cluster that nobody used before. */
  static String cluster() {
    return "bench-" + UUID.randomUUID();
  }

  /** A node of Warren, ready. */
  NodeProcess warren(String name, String cluster, String heap)
      throws IOException, InterruptedException {
    return start(
        name,
        "dist-warren",
        heap,
        List.of(),
        List.of(
            "warren",
            "warren.cluster=" + cluster,
            "warren.log=" + broker,
            "warren.epoch-grace=200ms"));
  }

  /** A process that uses the broker's client alone. */
  NodeProcess raw(String name, String stream, int window) throws IOException, InterruptedException {
    return start(
        name,
        "dist-warren",
        "1g",
        List.of(),
        List.of("raw", "uri=" + broker, "stream=" + stream, "window=" + window));
  }

  /** Any node, on the class path of a peer. */
  NodeProcess start(
      String name, String peer, String heap, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap, COLLECTOR));
    String profiled = System.getProperty("warren.bench.profile", "");
    if (!profiled.isEmpty() && name.matches(profiled)) {
      Path recording = benchmarks.resolve("target/dist/" + name + ".jfr").toAbsolutePath();
      all.add("-XX:StartFlightRecording=settings=profile,filename=" + recording);
    }
    all.addAll(options);
    return new NodeProcess(
        name,
        benchmarks.resolve("target/dist/" + name + ".log"),
        classPath(benchmarks, peer),
        all,
        arguments);
  }

  /** That of a folder below {@code benchmarks/peers}, once it is built. */
  static String classPath(Path benchmarks, String folder) throws IOException {
    return Files.readString(benchmarks.resolve("peers/" + folder + "/target/classpath")).trim();
  }

  /** Fails the run unless it holds: a figure of work that was not done is worth nothing. */
  static void check(boolean holds, String rule, Object actual) {
    if (!holds) {
      throw new IllegalStateException(rule + ", but was " + actual);
    }
  }
}
