// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A provider with a class path of its own, under {@code benchmarks/peers}. A folder {@code conf}
 * there comes first on it, where a provider's defaults would not hold a benchmark's entries.
 */
record Peer(String name, String classPath) {

  /** In the order of the table; the first is ours. */
  static final List<String> NAMES = List.of("warren", "caffeine", "cache2k", "ehcache", "ri");

  static Peer of(Path benchmarks, String name) throws IOException {
    Path file = benchmarks.resolve("peers/" + name + "/target/classpath");
    if (!NAMES.contains(name) || !Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "a peer must be one of " + NAMES + " and built, but \"" + name + "\" is not");
    }
    Path settings = benchmarks.resolve("peers/" + name + "/conf");
    return new Peer(name, settings + File.pathSeparator + Files.readString(file).trim());
  }

  /**
   * Runs a main class on this class path.
   *
   * @return what it printed
   * @throws IOException if it fails or takes longer than five minutes; its output is in the message
   */
  String run(Class<?> main, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    File output = Files.createTempFile("warren-bench", ".log").toFile();
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      String printed = Files.readString(output.toPath());
      if (!ended || process.exitValue() != 0) {
        throw new IOException(name + (ended ? " failed:\n" : " took too long:\n") + printed);
      }
      return printed;
    } finally {
      Files.delete(output.toPath());
    }
  }
}
