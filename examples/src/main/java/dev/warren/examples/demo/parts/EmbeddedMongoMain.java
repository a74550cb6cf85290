// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;

/** Holds the embedded MongoDB until standard input ends. Arguments: port, folder. */
public final class EmbeddedMongoMain {

  private EmbeddedMongoMain() {}

  /** Says {@code ready} when the database listens. */
  public static void main(String[] arguments) throws Exception {
    PartHolder.hold(
        () -> {
          throw new IOException("this build has no embedded MongoDB yet");
        });
  }
}
