// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.util.Optional;

/** The broker whose stream is the log. */
public interface Broker extends AutoCloseable {

  /** What it is, for people, without passwords. */
  String description();

  /** A short label for figures: {@code embedded} or {@code RabbitMQ}. */
  String label();

  /** Starts it if it is ours; returns when a log can be written and read. */
  void start() throws IOException, InterruptedException;

  /** The address for {@code warren.log}. */
  String uri();

  /** Loses the log of this run for good, while no node lives. */
  void loseLog() throws IOException, InterruptedException;

  /** Why this broker cannot be killed and restarted with its log intact; empty if it can. */
  Optional<String> whyNotKilled();

  /** Kills it (SIGKILL). */
  void kill() throws IOException, InterruptedException;

  /** Removes what this run left in it. */
  @Override
  void close();
}
