// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import java.io.Flushable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * Where text goes. A print stream would swallow that nobody reads any more, as with {@code head}.
 */
final class Screen {

  private final Appendable out;

  Screen(Appendable out) {
    this.out = out;
  }

  void print(String text) {
    try {
      out.append(text);
      if (out instanceof Flushable flushable) {
        flushable.flush();
      }
      if (out instanceof PrintStream stream && stream.checkError()) {
        throw new IOException("closed, or its disk is full");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard output cannot be written: " + e.getMessage(), e);
    }
  }
}
