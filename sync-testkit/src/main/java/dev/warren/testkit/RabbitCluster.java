// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A RabbitMQ cluster of a test's own on loopback, of installed servers: several processes with one
 * Erlang name service and one cookie, which find each other by their configuration. {@link #close}
 * leaves neither processes nor files.
 */
public final class RabbitCluster implements AutoCloseable {
  private final List<InstalledRabbit> hosts;
  private final List<RabbitBroker> brokers;

  private RabbitCluster(Path server, int size) {
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        ports.add(Ports.free());
      }
      InstalledRabbit.Ring ring =
          new InstalledRabbit.Ring("WARREN" + UUID.randomUUID(), Ports.free(), List.copyOf(ports));
      hosts = ports.stream().map(port -> new InstalledRabbit(server, port, ring)).toList();
      brokers = hosts.stream().map(RabbitBroker::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a cluster and waits until all its brokers know each other; skips the test as {@link
   * RabbitBroker#startOrSkip} does, and also where there is a Docker engine only, or the system
   * property {@code warren.test.cluster} is {@code off}.
   */
  public static RabbitCluster startOrSkip(int size) {
    RabbitBroker.assumeAny();
    Assumptions.assumeFalse(
        System.getProperty("warren.test.cluster", "auto").equals("off"),
        "skipped: warren.test.cluster is off");
    Optional<Path> server = InstalledRabbit.find();
    Assumptions.assumeTrue(
        server.isPresent(), "skipped: a cluster of brokers needs an installed server, not Docker");
    RabbitCluster cluster = new RabbitCluster(server.orElseThrow(), size);
    try {
      cluster.hosts.forEach(InstalledRabbit::start);
      cluster.brokers.forEach(RabbitBroker::awaitStarted);
      Assertions.assertEquals(
          size, cluster.names(0, "cluster_status").size(), "brokers that found each other");
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** An address that names all brokers, in their order. */
  public String uri() {
    return "amqp://guest:guest@"
        + brokers.stream().map(b -> "127.0.0.1:" + b.port()).collect(Collectors.joining(","));
  }

  public List<RabbitBroker> brokers() {
    return brokers;
  }

  /** The broker that leads this stream, as another one says. */
  public RabbitBroker leader(RabbitBroker asked, String stream) {
    String leader = queueInfo(asked, stream, "leader");
    return brokers.stream()
        .filter(broker -> hosts.get(brokers.indexOf(broker)).name().equals(leader))
        .findFirst()
        .orElseThrow(() -> new AssertionError(stream + " is led by " + leader));
  }

  /** How many brokers hold a copy of this stream and are up. */
  public int copies(RabbitBroker asked, String stream) {
    return queueInfo(asked, stream, "online").split(",").length;
  }

  private static String queueInfo(RabbitBroker asked, String stream, String column) {
    return asked
        .control("list_queues", "--no-table-headers", "name", column)
        .lines()
        .filter(line -> line.startsWith(stream + "\t"))
        .map(line -> line.substring(stream.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no queue " + stream));
  }

  /** The names of this cluster's brokers that occur in what one of them says. */
  private List<String> names(int asked, String command) {
    String said = brokers.get(asked).control(command);
    return hosts.stream().map(InstalledRabbit::name).filter(said::contains).toList();
  }

  /** Kills the brokers, for none is to keep anything, and deletes their files. */
  @Override
  public void close() {
    hosts.forEach(InstalledRabbit::kill);
    hosts.forEach(InstalledRabbit::close);
  }
}
