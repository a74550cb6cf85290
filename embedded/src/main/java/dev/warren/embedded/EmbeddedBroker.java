// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An AMQP 0-9-1 broker (Apache Qpid Broker-J) in this JVM, on a loopback port, user {@code guest}
 * with password {@code guest}. It keeps everything in memory: what it holds is gone when it is
 * closed. For trials and tests.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final SystemLauncher launcher;
  private final AtomicReference<@Nullable SystemConfig<?>> system;
  private final Path folder;
  private final int port;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();

  private EmbeddedBroker(
      SystemLauncher launcher,
      AtomicReference<@Nullable SystemConfig<?>> system,
      Path folder,
      int port) {
    this.launcher = launcher;
    this.system = system;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a broker; takes seconds the first time in a JVM.
   *
   * @param port to listen on at 127.0.0.1; 0 for any that is free
   * @throws IllegalArgumentException if {@code port < 0} or {@code port > 65535}
   * @throws IllegalStateException if the port is taken or the broker cannot be started
   */
  public static EmbeddedBroker start(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "the embedded broker's port must be from 0 (any) to 65535, but was " + port);
    }
    int chosen = port(port);
    AtomicReference<@Nullable SystemConfig<?>> system = new AtomicReference<>();
    SystemLauncher launcher =
        new SystemLauncher(
            new SystemLauncherListener.DefaultSystemLauncherListener() {
              @Override
              public void onContainerResolve(SystemConfig<?> config) {
                system.set(config);
              }
            });
    Path folder = null;
    try {
      folder = Files.createTempDirectory("warren-broker");
      URL configuration = EmbeddedBroker.class.getResource("broker.json");
      if (configuration == null) {
        throw new IllegalStateException("broker.json is missing in this jar");
      }
      launcher.startup(
          Map.of(
              "type",
              "Memory",
              "initialConfigurationLocation",
              configuration.toExternalForm(),
              "startupLoggedToSystemOut",
              "false",
              "context",
              Map.of(
                  "warren.embedded.port",
                  Integer.toString(chosen),
                  "qpid.work_dir",
                  folder.toString())));
    } catch (Exception e) {
      launcher.shutdown();
      delete(folder);
      throw new IllegalStateException(
          "the embedded broker could not be started on port %d (%s): choose a free port, or 0"
              .formatted(chosen, e.getMessage()),
          e);
    }
    EmbeddedBroker started = new EmbeddedBroker(launcher, system, folder, chosen);
    if (!started.listens()) {
      started.close();
      throw taken(chosen, null);
    }
    LOG.info(
        "embedded broker listens on 127.0.0.1:{}; it keeps everything in memory, for trials and"
            + " tests only",
        chosen);
    return started;
  }

  /** As {@link #start}; but this JVM ends when only the broker would keep it alive. */
  static EmbeddedBroker startForJvm(int port) {
    ThreadGroup group = new ThreadGroup("warren-embedded-broker");
    CompletableFuture<EmbeddedBroker> start =
        CompletableFuture.supplyAsync(
            () -> start(port),
            task -> {
              Thread starter = new Thread(group, task, "warren-embedded-start-" + port);
              starter.setDaemon(true);
              starter.start();
            });
    try {
      EmbeddedBroker broker = start.join(); // not to be interrupted: nobody would stop it
      LastThreads.watch(group, broker.closed, broker::close);
      return broker;
    } catch (CompletionException e) {
      if (e.getCause() instanceof IllegalStateException known) {
        throw known;
      }
      throw e;
    }
  }

  /** The broker which {@code embedded:} runs in this JVM on a port, for tests that disturb it. */
  public static Optional<EmbeddedBroker> running(int port) {
    return EmbeddedBrokerLease.running(port);
  }

  /** Another process may have taken the port since it was probed; Qpid goes on without it. */
  private boolean listens() {
    return broker().getPorts().stream().allMatch(each -> each.getState() == State.ACTIVE);
  }

  /** A free port, or the wanted one if it is free: Qpid itself only logs that it is not. */
  private static int port(int wanted) {
    try (ServerSocket probe =
        new ServerSocket(wanted, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw taken(wanted, e);
    }
  }

  private static IllegalStateException taken(int port, @Nullable IOException cause) {
    return new IllegalStateException(
        "the embedded broker's port must be free, but %d is taken: choose another, or 0"
            .formatted(port),
        cause);
  }

  /** Where it listens, as {@code warren.log} takes it. */
  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Ends all client connections, as a fault of the network would; what is stored stays. */
  public void closeAllConnections() {
    for (Port<?> each : broker().getPorts()) {
      each.getConnections().forEach(connection -> connection.delete());
    }
  }

  private Broker<?> broker() {
    SystemConfig<?> config = system.get();
    if (config == null || !(config.getContainer() instanceof Broker<?> broker)) {
      throw new IllegalStateException("the embedded broker is not running");
    }
    return broker;
  }

  /** Stops the broker and forgets what it held; idempotent. */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      launcher.shutdown();
      delete(folder);
      closed.countDown();
    }
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("left {} behind", folder, e);
    }
  }
}
