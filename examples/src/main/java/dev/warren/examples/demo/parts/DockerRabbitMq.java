// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A private RabbitMQ in a container of this run. */
public final class DockerRabbitMq implements Broker {

  private static final String PROGRAM = "docker";
  private static final String IMAGE = "rabbitmq:4";
  private static final Duration QUICK = Duration.ofSeconds(20);
  private static final Duration DOWNLOAD = Duration.ofMinutes(10);
  private static final long READY_TIMEOUT_SECONDS = 90;

  private final String program;
  private final String container;
  private final String stream;
  private final int port;
  private volatile boolean created;

  /** A broker of this run; nothing is started yet. */
  public DockerRabbitMq(Run run) throws IOException {
    this(run, PROGRAM);
  }

  DockerRabbitMq(Run run, String program) throws IOException {
    this.program = program;
    container = "warren-" + run.cluster();
    stream = "warren." + run.cluster();
    port = run.port();
  }

  /** True if a Docker engine answers. */
  public static boolean isAvailable() throws InterruptedException {
    try {
      docker(PROGRAM, QUICK, "info");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String description() {
    return "a private RabbitMQ (Docker image "
        + IMAGE
        + ", downloaded if it is not there), stream over AMQP 0-9-1";
  }

  @Override
  public String label() {
    return "RabbitMQ";
  }

  @Override
  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  @Override
  public void start() throws IOException, InterruptedException {
    if (created) {
      docker(program, QUICK, "start", container);
    } else {
      created = true;
      docker(
          program,
          DOWNLOAD,
          "run",
          "-d",
          "--name",
          container,
          "-p",
          "127.0.0.1:" + port + ":5672",
          IMAGE);
    }
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_TIMEOUT_SECONDS);
    while (true) {
      try {
        new AmqpAddress(uri()).probeStreams("demo-probe");
        return;
      } catch (IOException e) {
        if (System.nanoTime() - deadlineNs > 0) {
          throw new IOException("RabbitMQ in container " + container + " does not get ready", e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  private static void docker(String program, Duration timeout, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .start();
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IOException(
          "docker %s took more than %d s".formatted(arguments[0], timeout.toSeconds()));
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "docker %s: %s"
              .formatted(
                  arguments[0],
                  new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                      .strip()));
    }
  }

  @Override
  public void loseLog() throws IOException {
    new AmqpAddress(uri()).delete(stream);
  }

  @Override
  public Optional<String> whyNotKilled() {
    return Optional.empty();
  }

  @Override
  public void kill() throws IOException, InterruptedException {
    docker(program, QUICK, "kill", container);
  }

  @Override
  public void close() {
    if (!created) {
      return;
    }
    try {
      docker(program, QUICK, "rm", "-f", "-v", container);
    } catch (IOException e) {
      System.err.println("Remove the container with: docker rm -f -v " + container);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
