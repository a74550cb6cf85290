// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real RabbitMQ of a test's own on loopback: the installed one, else one in Docker. {@link
 * #close} leaves neither processes nor files.
 */
public final class RabbitBroker implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final byte[] PROTOCOL =
      "AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1); // 0-9-1
  private static final int METHOD_FRAME = 1;
  private static final int ANSWER_MILLIS = 2_000;

  private final RabbitHost host;

  RabbitBroker(RabbitHost host) {
    this.host = host;
  }

  /**
   * Starts a broker and waits until it accepts connections; or does what the system property {@code
   * warren.test.rabbitmq} says when none can be had: {@code auto} skips the test, {@code required}
   * fails it; {@code off} skips it always.
   */
  public static RabbitBroker startOrSkip() {
    assumeAny();
    Optional<Path> installed = InstalledRabbit.find();
    RabbitBroker broker =
        new RabbitBroker(
            installed.isPresent() ? new InstalledRabbit(installed.get()) : new DockerRabbit());
    try {
      broker.start();
      return broker;
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  /** Skips or fails as {@link #startOrSkip} does if no broker can be had. */
  static void assumeAny() {
    String mode = System.getProperty("warren.test.rabbitmq", "auto");
    Assumptions.assumeFalse(mode.equals("off"), "skipped: warren.test.rabbitmq is off");
    if (InstalledRabbit.find().isEmpty() && !DockerRabbit.isAvailable("docker")) {
      String reason =
          "no rabbitmq-server 3.9 or newer is installed below /usr/lib/rabbitmq/lib or by Homebrew,"
              + " and no Docker engine answers";
      if (mode.equals("required")) {
        Assertions.fail(reason + ", but warren.test.rabbitmq is required");
      }
      Assumptions.abort("skipped: " + reason);
    }
  }

  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port();
  }

  public int port() {
    return host.port();
  }

  /** Starts the broker, or starts it again with what it stored. Its streams come a little later. */
  public void start() {
    host.start();
    awaitStarted();
  }

  /** Waits until it accepts connections. */
  void awaitStarted() {
    Awaitility.await("RabbitMQ accepts connections")
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              Assertions.assertTrue(host.isAlive(), () -> "RabbitMQ ended: " + host.output());
              return accepts();
            });
  }

  /** Docker accepts connections itself before the broker does: the broker must answer. */
  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(PROTOCOL);
      return new DataInputStream(socket.getInputStream()).readByte() == METHOD_FRAME;
    } catch (IOException e) {
      return false;
    }
  }

  /** kill -9. */
  public void kill() {
    host.kill();
  }

  /** Stops the broker in order. */
  public void stop() {
    host.stop();
  }

  /** SIGSTOP: the broker stands still and keeps its sockets. {@link #resume} ends it. */
  public void pause() {
    host.pause();
  }

  /** SIGCONT. */
  public void resume() {
    host.resume();
  }

  /** Ends all client connections, from the broker's side. */
  public void closeAllConnections() {
    control("close_all_connections", "test");
  }

  /** Runs {@code rabbitmqctl -q} and fails if it does; returns what it said. */
  public String control(String... arguments) {
    return host.control(arguments);
  }

  /** Stops the broker and leaves nothing of it. */
  @Override
  public void close() {
    host.close();
  }
}
