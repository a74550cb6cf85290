// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.wire.Line;

/** One thing that a node can be asked to do. Whatever it throws becomes an {@code error} answer. */
@FunctionalInterface
interface Command {

  /** Carries out {@code request} and returns the last line of the answer. */
  Line run(Line request, Steps steps) throws InterruptedException;

  /** Takes interim news of a long command. */
  @FunctionalInterface
  interface Steps {
    void done(long count);
  }
}
