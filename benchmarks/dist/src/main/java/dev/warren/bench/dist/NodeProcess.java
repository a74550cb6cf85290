// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node in a JVM of its own, as the one who asks it sees it. */
final class NodeProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;
  private static final String ENDED = "ended";

  private final String name;
  private final Path log;
  private final Process process;
  private final PrintStream requests;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /**
   * Starts it and waits until it is open.
   *
   * @param log where its standard error goes
   * @param arguments of {@link NodeMain}
   */
  NodeProcess(String name, Path log, String classPath, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    this.name = name;
    this.log = log;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, NodeMain.class.getName()));
    command.addAll(arguments);
    Files.createDirectories(log.toAbsolutePath().getParent());
    File errors = log.toFile();
    process = new ProcessBuilder(command).redirectError(errors).start();
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers-" + name);
    reader.setDaemon(true);
    reader.start();
    try {
      await();
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(NodeMain.OK) || line.startsWith(NodeMain.FAILED)) {
          answers.add(line); // else the JVM itself talks
        }
      }
    } catch (IOException e) {
      // closed with its process: as good as its end
    } finally {
      answers.add(ENDED);
    }
  }

  /** Sends a request; {@link #await} gets the answer. */
  void send(String request) {
    requests.println(request);
  }

  /**
   * The answer to the request sent first of those without one.
   *
   * @throws IllegalStateException if it failed, or none comes
   */
  Answer await() throws InterruptedException {
    String line = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null || !line.startsWith(NodeMain.OK)) {
      throw new IllegalStateException(
          "%s: %s; its standard error is in %s"
              .formatted(name, line == null ? "no answer for too long" : line, log));
    }
    return new Answer(List.of(line.substring(NodeMain.OK.length()).split(" ", -1)));
  }

  Answer ask(String request) throws InterruptedException {
    send(request);
    return await();
  }

  /** The words of an answer. */
  record Answer(List<String> words) {
    String text(int place) {
      return words.get(place);
    }

    long number(int place) {
      return Long.parseLong(words.get(place));
    }

    double real(int place) {
      return Double.parseDouble(words.get(place));
    }
  }

  /** Processor time that it has taken so far. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Ends it at once, without its knowing. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it in order; kills it if it does not end. */
  @Override
  public void close() {
    requests.close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
