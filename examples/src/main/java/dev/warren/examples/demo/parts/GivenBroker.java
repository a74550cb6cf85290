// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.util.Optional;

/** A broker that runs anyway; only this run's own stream is deleted. */
public final class GivenBroker implements Broker {

  private final AmqpAddress address;
  private final String stream;
  private volatile boolean reached;

  /**
   * A broker at {@code uri}.
   *
   * @throws IllegalArgumentException if {@code uri} is malformed
   */
  public GivenBroker(String uri, String cluster) {
    address = new AmqpAddress(uri);
    stream = "warren." + cluster;
  }

  @Override
  public String description() {
    return "yours, " + address.shown();
  }

  @Override
  public String label() {
    return "your broker";
  }

  @Override
  public void start() throws IOException {
    address.probe();
    reached = true;
  }

  @Override
  public String uri() {
    return address.uri();
  }

  @Override
  public void loseLog() throws IOException {
    address.delete(stream);
  }

  @Override
  public Optional<String> whyNotKilled() {
    return Optional.of("not run: this broker is yours; ./demo --rabbitmq kills one of its own");
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException("a broker that is not ours is not killed");
  }

  @Override
  public void close() {
    if (!reached) {
      return;
    }
    try {
      loseLog();
    } catch (IOException e) {
      System.err.println("The stream " + stream + " could not be deleted: " + e.getMessage());
    }
  }
}
