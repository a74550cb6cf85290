// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real RabbitMQ as a child process, with its own ports, folder and Erlang name service, all on
 * loopback. {@link #close} leaves neither processes nor files.
 *
 * <p>The server's own script is run, not the one in the path, which changes the user; {@code
 * RABBITMQ_ALLOW_INPUT} makes it replace itself by the virtual machine, so that the child process
 * is the broker and killing it kills the broker.
 */
public final class RabbitBroker implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path server;
  private final Path folder;
  private final int port = freePort();
  private final int distributionPort = freePort();
  private final int namesPort = freePort();
  private @Nullable Process process;

  private RabbitBroker(Path server) {
    this.server = server;
    try {
      folder = Files.createTempDirectory("warren-rabbit");
      Path home = Files.createDirectory(folder.resolve("home"));
      Files.createDirectory(folder.resolve("log"));
      Path cookie = Files.writeString(home.resolve(".erlang.cookie"), "WARREN" + UUID.randomUUID());
      Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
      Files.writeString(
          folder.resolve("rabbitmq.conf"),
          """
          listeners.tcp.1 = 127.0.0.1:%d
          log.console = false
          log.file = rabbit.log
          disk_free_limit.absolute = 50MB
          """
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a broker and waits until it accepts connections; or does what the system property {@code
   * warren.test.rabbitmq} says when none is installed: {@code auto} skips the test, {@code
   * required} fails it; {@code off} skips it always.
   */
  public static RabbitBroker startOrSkip() {
    String mode = System.getProperty("warren.test.rabbitmq", "auto");
    Assumptions.assumeFalse(mode.equals("off"), "skipped: warren.test.rabbitmq is off");
    Optional<Path> server = find();
    if (server.isEmpty()) {
      String reason = "no rabbitmq-server is installed below /usr/lib/rabbitmq/lib or by Homebrew";
      if (mode.equals("required")) {
        Assertions.fail(reason + ", but warren.test.rabbitmq is required");
      }
      Assumptions.abort("skipped: " + reason);
    }
    RabbitBroker broker = new RabbitBroker(server.orElseThrow());
    try {
      broker.start();
      return broker;
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  /** The server's own script, in the places of Debian, Ubuntu and Homebrew. */
  private static Optional<Path> find() {
    Path lib = Path.of("/usr/lib/rabbitmq/lib");
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(lib)) {
      try (Stream<Path> versions = Files.list(lib)) {
        versions
            .sorted(Comparator.reverseOrder())
            .map(version -> version.resolve("sbin/rabbitmq-server"))
            .forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    found.add(Path.of("/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server"));
    found.add(Path.of("/usr/local/opt/rabbitmq/sbin/rabbitmq-server"));
    return found.stream().filter(Files::isExecutable).findFirst();
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Starts the broker, or starts it again with what it stored. Its streams come a little later. */
  public void start() {
    try {
      process = command(server.toString()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Process started = process;
    Awaitility.await("RabbitMQ accepts connections")
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              Assertions.assertTrue(started.isAlive(), () -> "RabbitMQ ended: " + output());
              return accepts();
            });
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private ProcessBuilder command(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "output")));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    environment.putAll(
        Map.ofEntries(
            Map.entry("HOME", folder.resolve("home").toString()),
            Map.entry("RABBITMQ_NODENAME", "t" + port + "@localhost"),
            Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
            Map.entry("RABBITMQ_NODE_PORT", "" + port),
            Map.entry("RABBITMQ_DIST_PORT", "" + distributionPort),
            Map.entry("ERL_EPMD_PORT", "" + namesPort),
            Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
            Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
            Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
            Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()),
            Map.entry(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()),
            Map.entry("RABBITMQ_ALLOW_INPUT", "1"),
            Map.entry("ERL_CRASH_DUMP_SECONDS", "0"),
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-noinput -kernel inet_dist_use_interface {127,0,0,1}")));
    return builder;
  }

  /** kill -9. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      await(running, Duration.ofSeconds(10));
    }
  }

  /** Stops the broker in order. */
  public void stop() {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!await(running, Duration.ofSeconds(15))) {
        kill();
      }
    }
  }

  /** Ends all client connections, from the broker's side. */
  public void closeAllConnections() {
    control("close_all_connections", "test");
  }

  /** Runs {@code rabbitmqctl} and fails if it does. */
  public void control(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(server.resolveSibling("rabbitmqctl").toString(), "-q"));
    command.addAll(List.of(arguments));
    run(command.toArray(new String[0]));
  }

  private void run(String... command) {
    try {
      Process child = command(command).start();
      if (!await(child, Duration.ofSeconds(30))) {
        child.destroyForcibly();
      }
      Assertions.assertEquals(
          0, child.waitFor(), () -> String.join(" ", command) + " failed: " + output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean await(Process child, Duration atMost) {
    try {
      return child.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops the broker and its name service and deletes its files. */
  @Override
  public void close() {
    stop();
    try {
      Process names = command("epmd", "-port", "" + namesPort, "-kill").start();
      await(names, Duration.ofSeconds(10));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
