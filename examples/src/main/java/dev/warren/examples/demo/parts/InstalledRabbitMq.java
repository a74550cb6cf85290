// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A private RabbitMQ: the installed program with ports, folders and cookie of this run, started as
 * a plain child process. The program is started by its own script below the installation, not by
 * the wrapper in PATH, which changes the user; with {@code RABBITMQ_ALLOW_INPUT} that script
 * replaces itself by the Erlang VM, so that killing the child is a true kill -9. The name server
 * epmd, which would outlive the broker, is a child of its own.
 */
public final class InstalledRabbitMq implements Broker {

  private static final String LOG_NAME = "rabbitmq";

  private final Run run;
  private final Path program;
  private final Path folder;
  private final String stream;
  private final int port;
  private final int distributionPort;
  private final int nameServerPort;
  private @Nullable Process nameServer;
  private @Nullable Process broker;

  /** A broker of this run; nothing is started yet. */
  public InstalledRabbitMq(Run run, Path program) throws IOException {
    this.run = run;
    this.program = program;
    folder = run.folder().resolve("rabbitmq");
    stream = "warren." + run.cluster();
    port = run.port();
    distributionPort = run.port();
    nameServerPort = run.port();
  }

  /** The start script of an installed RabbitMQ, in the places of Debian, Ubuntu and Homebrew. */
  public static Optional<Path> find() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String parent : List.of("/usr/lib/rabbitmq/lib", "/usr/local/lib/rabbitmq/lib")) {
      if (Files.isDirectory(Path.of(parent))) {
        try (DirectoryStream<Path> versions =
            Files.newDirectoryStream(Path.of(parent), "rabbitmq_server-*")) {
          versions.forEach(version -> found.add(version.resolve("sbin/rabbitmq-server")));
        }
      }
    }
    found.add(Path.of("/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server"));
    found.add(Path.of("/usr/local/opt/rabbitmq/sbin/rabbitmq-server"));
    return found.stream().filter(Files::isExecutable).findFirst();
  }

  @Override
  public String description() {
    return "a private RabbitMQ (" + program + "), stream over AMQP 0-9-1";
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
    if (nameServer == null || !nameServer.isAlive()) {
      Files.createDirectories(folder.resolve("home"));
      Files.writeString(
          folder.resolve("rabbitmq.conf"),
          """
          listeners.tcp.1 = 127.0.0.1:%d
          log.console = false
          log.file = rabbit.log
          disk_free_limit.absolute = 50MB
          """
              .formatted(port));
      Files.writeString(folder.resolve("enabled_plugins"), "[].");
      nameServer = startNameServer();
    }
    ProcessBuilder command = new ProcessBuilder(program.toString());
    command.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    command.environment().putAll(environment());
    broker = start(command);
    new Readiness("RabbitMQ", broker, run.log(LOG_NAME))
        .await(() -> new AmqpAddress(uri()).probeStreams("demo-probe"));
  }

  private @Nullable Process startNameServer() throws IOException {
    Optional<Path> epmd = findNameServer();
    if (epmd.isEmpty()) {
      return null; // RabbitMQ starts one itself
    }
    return start(
        new ProcessBuilder(
            epmd.get().toString(),
            "-port",
            Integer.toString(nameServerPort),
            "-address",
            "127.0.0.1"));
  }

  private Process start(ProcessBuilder command) throws IOException {
    File log = run.log(LOG_NAME).toFile();
    command.redirectErrorStream(true);
    command.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    return run.children().start(command);
  }

  private static Optional<Path> findNameServer() throws IOException {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      places.add(Path.of(folder, "epmd"));
    }
    Path erlang = Path.of("/usr/lib/erlang");
    if (Files.isDirectory(erlang)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(erlang, "erts-*")) {
        versions.forEach(version -> places.add(version.resolve("bin/epmd")));
      }
    }
    return places.stream().filter(Files::isExecutable).findFirst();
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("HOME", folder.resolve("home").toString()),
        Map.entry("RABBITMQ_NODENAME", run.cluster() + "@localhost"),
        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
        Map.entry("ERL_EPMD_PORT", Integer.toString(nameServerPort)),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
        Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()),
        Map.entry("RABBITMQ_ALLOW_INPUT", "1"),
        Map.entry("ERL_CRASH_DUMP_SECONDS", "0"),
        Map.entry(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-noinput -kernel inet_dist_use_interface {127,0,0,1}"));
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
  public void kill() {
    Process running = broker;
    if (running != null) {
      Children.kill(running);
    }
  }

  @Override
  public void close() {
    // The run kills what lives and removes the folder.
  }
}
