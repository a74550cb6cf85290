// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that holds one embedded part, so that nodes and the other part live on when it is killed.
 * It says {@code ready} on its standard output, and ends when its standard input does.
 */
final class EmbeddedProcess {

  private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx512m");

  private final Run run;
  private final String name;
  private final Class<?> main;
  private final List<String> arguments;
  private @Nullable Process process;

  EmbeddedProcess(Run run, String name, Class<?> main, List<String> arguments) {
    this.run = run;
    this.name = name;
    this.main = main;
    this.arguments = arguments;
  }

  /** Starts it and returns when it is ready. */
  void start() throws IOException {
    Process started = run.java(name, main, JVM_OPTIONS, arguments);
    process = started;
    // Stays open: the process says nothing more, and its end closes the stream.
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (!"ready".equals(line)) {
      throw new IOException("the %s did not start; see %s".formatted(name, run.log(name)));
    }
  }

  void kill() {
    Process running = process;
    if (running != null) {
      Children.kill(running);
    }
  }
}
