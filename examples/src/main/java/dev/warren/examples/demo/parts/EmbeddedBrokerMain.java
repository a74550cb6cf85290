// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;

/** Holds the embedded broker until standard input ends. Argument: port. */
public final class EmbeddedBrokerMain {

  private EmbeddedBrokerMain() {}

  /** Says {@code ready} when the broker listens. */
  public static void main(String[] arguments) throws Exception {
    PartHolder.hold(
        () -> {
          throw new IOException("this build has no embedded broker yet");
        });
  }
}
