// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import dev.warren.embedded.EmbeddedMongo;
import java.nio.file.Path;

/** Holds the embedded MongoDB until standard input ends. Arguments: port, folder. */
public final class EmbeddedMongoMain {

  private EmbeddedMongoMain() {}

  /** Says {@code ready} when the database listens. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    PartHolder.hold(() -> EmbeddedMongo.inFolder(port, Path.of(arguments[1])));
  }
}
