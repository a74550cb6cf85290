// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ in a container of its own, by the {@code docker} command. The image is that of the
 * environment's {@code WARREN_TEST_RABBITMQ_IMAGE}, else {@value #IMAGE}.
 *
 * <p>The host's port is given, for Docker would choose another one at each start; and the container
 * is removed by {@link #close}, for {@code --rm} would remove it, and what it stored, when it is
 * killed. One that a killed test left behind has the label {@value #LABEL}.
 */
final class DockerRabbit implements RabbitHost {
  static final String IMAGE = "rabbitmq:3.13";
  static final String LABEL = "dev.warren.test";

  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration DOWNLOAD = Duration.ofMinutes(4);
  private static final String STOP_SECONDS = "15";

  private final String docker;
  private final String image;
  private final int port;
  private final String container = "warren-test-" + UUID.randomUUID();
  private boolean created;

  DockerRabbit() {
    this("docker", System.getenv().getOrDefault("WARREN_TEST_RABBITMQ_IMAGE", IMAGE));
  }

  /**
   * @param docker the command
   */
  DockerRabbit(String docker, String image) {
    this.docker = docker;
    this.image = image;
    try {
      this.port = Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True if there is the command and a Docker engine answers it. */
  static boolean isAvailable(String docker) {
    try {
      new DockerRabbit(docker, IMAGE).run(QUICK, "info");
      return true;
    } catch (UncheckedIOException | DockerException e) {
      return false;
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() {
    if (created) {
      run(QUICK, "start", container);
      return;
    }
    created = true; // a container that cannot start is there all the same
    String address = "127.0.0.1:" + port + ":5672";
    run(DOWNLOAD, "run", "-d", "--name", container, "--label", LABEL, "-p", address, image);
  }

  @Override
  public boolean isAlive() {
    return created && run(QUICK, "inspect", "-f", "{{.State.Running}}", container).equals("true");
  }

  @Override
  public String output() {
    return run(QUICK, "logs", "--tail", "50", container);
  }

  @Override
  public void kill() {
    if (isAlive()) {
      run(QUICK, "kill", container);
    }
  }

  @Override
  public void stop() {
    if (isAlive()) {
      run(QUICK, "stop", "-t", STOP_SECONDS, container);
    }
  }

  @Override
  public void pause() {
    run(QUICK, "pause", container);
  }

  @Override
  public void resume() {
    run(QUICK, "unpause", container);
  }

  @Override
  public String control(String... arguments) {
    List<String> command = new ArrayList<>(List.of("exec", container, "rabbitmqctl", "-q"));
    command.addAll(List.of(arguments));
    return run(QUICK, command.toArray(new String[0]));
  }

  @Override
  public void close() {
    if (created) {
      try {
        run(QUICK, "rm", "-f", "-v", container);
      } catch (DockerException e) {
        if (!String.valueOf(e.getMessage()).contains("No such container")) {
          throw e;
        }
      }
      created = false;
    }
  }

  String container() {
    return container;
  }

  /** What docker said, without the last end of line. */
  private String run(Duration atMost, String... arguments) {
    List<String> command = new ArrayList<>(List.of(docker));
    command.addAll(List.of(arguments));
    Path output = null;
    try {
      output = Files.createTempFile("warren-docker", ".txt"); // a pipe could fill up
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      process.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8).strip();
      if (!ended) {
        throw new DockerException(
            "%s must end within %d s: %s"
                .formatted(String.join(" ", command), atMost.toSeconds(), said));
      }
      if (process.exitValue() != 0) {
        throw new DockerException(
            "%s ended with status %d: %s"
                .formatted(String.join(" ", command), process.exitValue(), said));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DockerException(String.join(" ", command) + " was interrupted");
    } finally {
      delete(output);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Docker did not do it. */
  static final class DockerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DockerException(String message) {
      super(message);
    }
  }
}
