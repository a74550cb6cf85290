// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The life of a JVM that holds one part: start it, say so, keep it until the launcher is gone. */
final class PartHolder {

  private PartHolder() {}

  /** Starts a part and hands back what ends it. */
  @FunctionalInterface
  interface Starter {
    AutoCloseable start() throws Exception;
  }

  static void hold(Starter starter) throws Exception {
    PrintStream launcher =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // what libraries print belongs into the log
    AutoCloseable part = starter.start();
    try (part) {
      launcher.println("ready");
      while (System.in.read() >= 0) {
        // nobody says anything: this only waits for the end
      }
    }
  }
}
