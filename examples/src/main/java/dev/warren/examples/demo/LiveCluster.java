// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import dev.warren.examples.demo.parts.Broker;
import dev.warren.examples.demo.parts.Database;
import dev.warren.examples.demo.parts.Run;
import dev.warren.examples.demo.story.Cluster;
import dev.warren.examples.demo.story.Node;
import dev.warren.examples.demo.story.NodeException;
import dev.warren.examples.demo.wire.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A cluster of real processes. Used by one thread. */
final class LiveCluster implements Cluster {

  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(60);

  private final Run run;
  private final Broker broker;
  private final Database database;
  private final Map<Integer, NodeProcess> nodes = new TreeMap<>();

  LiveCluster(Run run, Broker broker, Database database) {
    this.run = run;
    this.broker = broker;
    this.database = database;
  }

  @Override
  public String brokerLabel() {
    return broker.label();
  }

  @Override
  public Node start(int number) throws IOException, InterruptedException {
    NodeProcess old = nodes.get(number);
    if (old != null && old.isAlive()) {
      throw new NodeException("node " + number + " is running");
    }
    NodeProcess node = NodeProcess.start(run, number);
    nodes.put(number, node);
    Line open =
        Line.of("open")
            .with("cluster", run.cluster())
            .with("log", broker.uri())
            .with("persistence", database.uri());
    node.ask(open, OPEN_TIMEOUT);
    return node;
  }

  @Override
  public void kill(int number) {
    running(number).kill();
  }

  @Override
  public Node node(int number) {
    return running(number);
  }

  private NodeProcess running(int number) {
    NodeProcess node = nodes.get(number);
    if (node == null || !node.isAlive()) {
      throw new NodeException("node " + number + " is not running");
    }
    return node;
  }

  @Override
  public List<Node> nodes() {
    return nodes.values().stream().filter(Node::isAlive).map(Node.class::cast).toList();
  }

  @Override
  public void loseLog() throws IOException, InterruptedException {
    broker.loseLog();
  }

  @Override
  public void emptyDatabase() {
    database.empty();
  }

  @Override
  public Optional<String> whyBrokerIsNotKilled() {
    return broker.whyNotKilled();
  }

  @Override
  public void killBroker() throws IOException, InterruptedException {
    broker.kill();
  }

  @Override
  public void restartBroker() throws IOException, InterruptedException {
    broker.start();
  }

  /** Lets the nodes that live leave in an orderly way. */
  void quit() throws InterruptedException {
    for (NodeProcess node : nodes.values()) {
      node.quit();
    }
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!nodes().isEmpty() && System.nanoTime() - deadlineNs < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
