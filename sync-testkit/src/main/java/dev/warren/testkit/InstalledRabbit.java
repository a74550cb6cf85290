// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/**
 * An installed RabbitMQ as a child process, with its own ports, folder and Erlang name service, all
 * on loopback. {@link #close} leaves neither processes nor files.
 *
 * <p>The server's own script is run, not the one that Debian puts in the path, which changes the
 * user; {@code RABBITMQ_ALLOW_INPUT} makes it replace itself by the virtual machine, so that the
 * child process is the broker and killing it kills the broker.
 */
final class InstalledRabbit implements RabbitHost {
  private static final Path DEBIAN = Path.of("/usr/lib/rabbitmq/lib");
  private static final Pattern VERSION = Pattern.compile("rabbitmq_server-(\\d+)\\.(\\d+).*");

  private final Path server;
  private final Path folder;
  private final int port;
  private final int distributionPort;
  private final int namesPort;
  private @Nullable Process process;

  /**
   * What the brokers of one cluster share.
   *
   * @param cookie the password among them
   * @param namesPort of their name service, which the first one to start starts
   * @param ports of AMQP, of all of them, which also make their names
   */
  record Ring(String cookie, int namesPort, List<Integer> ports) {}

  /** A broker that is alone. */
  InstalledRabbit(Path server) {
    this(server, freePort(), new Ring("WARREN" + UUID.randomUUID(), freePort(), List.of()));
  }

  /** One of a cluster, or alone if the ring has no ports. */
  InstalledRabbit(Path server, int port, Ring ring) {
    this.server = server;
    this.port = port;
    this.namesPort = ring.namesPort;
    try {
      distributionPort = Ports.free();
      folder = Files.createTempDirectory("warren-rabbit");
      Path home = Files.createDirectory(folder.resolve("home"));
      Files.createDirectory(folder.resolve("log"));
      Path cookie = Files.writeString(home.resolve(".erlang.cookie"), ring.cookie);
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
                  .formatted(port)
              + discovery(ring.ports));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try {
      return Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String discovery(List<Integer> ports) {
    if (ports.isEmpty()) {
      return "";
    }
    StringBuilder lines = new StringBuilder();
    lines.append("cluster_formation.peer_discovery_backend = classic_config\n");
    lines.append("cluster_formation.randomized_startup_delay_range.min = 0\n");
    lines.append("cluster_formation.randomized_startup_delay_range.max = 2\n");
    for (int i = 0; i < ports.size(); i++) {
      lines.append("cluster_formation.classic_config.nodes.%d = ".formatted(i + 1));
      lines.append(name(ports.get(i))).append('\n');
    }
    return lines.toString();
  }

  private static String name(int port) {
    return "t" + port + "@localhost";
  }

  /** As the brokers of a cluster call it. */
  String name() {
    return name(port);
  }

  /**
   * The server's own script, in the places of Debian and Ubuntu, of Homebrew, and, where there is
   * no package of Debian, in the path. Streams came with version 3.9.
   */
  static Optional<Path> find() {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions
            .filter(InstalledRabbit::hasStreams)
            .sorted(Comparator.reverseOrder())
            .map(version -> version.resolve("sbin/rabbitmq-server"))
            .forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      found.add(Path.of("/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server"));
      found.add(Path.of("/usr/local/opt/rabbitmq/sbin/rabbitmq-server"));
      Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
          .map(entry -> Path.of(entry, "rabbitmq-server"))
          .forEach(found::add);
    }
    return found.stream().filter(Files::isExecutable).findFirst();
  }

  private static boolean hasStreams(Path version) {
    Matcher numbers = VERSION.matcher(version.getFileName().toString());
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major > 3 || (major == 3 && Integer.parseInt(numbers.group(2)) >= 9);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() {
    try {
      process = command(server.toString()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  @Override
  public String output() {
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
            Map.entry("RABBITMQ_NODENAME", name()),
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

  @Override
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      await(running, Duration.ofSeconds(10));
    }
  }

  @Override
  public void stop() {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!await(running, Duration.ofSeconds(15))) {
        kill();
      }
    }
  }

  @Override
  public void pause() {
    StopSignal.stop(Objects.requireNonNull(process).pid());
  }

  @Override
  public void resume() {
    StopSignal.resume(Objects.requireNonNull(process).pid());
  }

  @Override
  public String control(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(server.resolveSibling("rabbitmqctl").toString(), "-q"));
    command.addAll(List.of(arguments));
    Path said = folder.resolve("control-" + UUID.randomUUID());
    try {
      ProcessBuilder builder = command(command.toArray(new String[0])).redirectErrorStream(false);
      builder.redirectError(builder.redirectOutput()).redirectOutput(said.toFile());
      Process child = builder.start();
      if (!await(child, Duration.ofMinutes(2))) {
        child.destroyForcibly();
      }
      Assertions.assertEquals(
          0, child.waitFor(), () -> String.join(" ", command) + " failed: " + output());
      return Files.readString(said).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(String.join(" ", command) + " was interrupted", e);
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
