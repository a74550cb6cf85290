// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Where text goes. */
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
