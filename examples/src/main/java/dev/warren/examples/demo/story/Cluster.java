// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Nodes, broker and database, all of which can be started and ended. Used by one thread. */
public interface Cluster {

  /** A short label for figures: {@code embedded} or {@code RabbitMQ}. */
  String brokerLabel();

  /** Starts a node and returns when it takes requests; it may not be ready yet. */
  Node start(int number) throws IOException, InterruptedException;

  /** Kills a node (SIGKILL). */
  void kill(int number);

  /** A node that was started. */
  Node node(int number);

  /** The nodes that live. */
  List<Node> nodes();

  /** Loses the log for good, while no node lives. */
  void loseLog() throws IOException, InterruptedException;

  /** Empties the database, while no node lives. */
  void emptyDatabase();

  /** Why the broker cannot be killed and restarted with its log intact; empty if it can. */
  Optional<String> whyBrokerIsNotKilled();

  /** Kills the broker (SIGKILL). */
  void killBroker() throws IOException, InterruptedException;

  /** Starts the broker again; returns when it is ready. */
  void restartBroker() throws IOException, InterruptedException;
}
