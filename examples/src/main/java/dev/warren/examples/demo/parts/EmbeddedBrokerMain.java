// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import dev.warren.embedded.EmbeddedBroker;

/** Holds the embedded broker until standard input ends. Argument: port. */
public final class EmbeddedBrokerMain {

  private EmbeddedBrokerMain() {}

  /** Says {@code ready} when the broker listens. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    PartHolder.hold(() -> EmbeddedBroker.start(port));
  }
}
