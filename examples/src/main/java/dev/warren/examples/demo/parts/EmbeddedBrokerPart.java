// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The embedded broker in a JVM of its own. It keeps its log in memory: killed is lost. */
public final class EmbeddedBrokerPart implements Broker {

  private final int port;
  private final EmbeddedProcess process;

  /** A broker of this run; nothing is started yet. */
  public EmbeddedBrokerPart(Run run) throws IOException {
    port = run.port();
    process =
        new EmbeddedProcess(
            run, "embedded-broker", EmbeddedBrokerMain.class, List.of(Integer.toString(port)));
  }

  @Override
  public String description() {
    return "embedded broker (Qpid Broker-J in a JVM of its own, memory only: for trials)";
  }

  @Override
  public String label() {
    return "embedded";
  }

  @Override
  public void start() throws IOException {
    process.start();
  }

  @Override
  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  @Override
  public void loseLog() throws IOException {
    process.kill();
    process.start();
  }

  @Override
  public Optional<String> whyNotKilled() {
    return Optional.of("not run: needs a real broker, ./demo --rabbitmq");
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void close() {
    // The run kills it.
  }
}
