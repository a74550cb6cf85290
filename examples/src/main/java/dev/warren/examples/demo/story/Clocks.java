// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.wire.Line;

/**
 * Brings {@link System#nanoTime} of two processes onto one clock. On Linux and macOS all processes
 * of a machine read the same monotonic clock, but nothing promises that. So the launcher reads its
 * own clock before and after it asks for the node's, several times, and keeps the fastest exchange.
 * If the node's reading lies between the two, nothing speaks against one common clock, and the
 * offset is 0; else the offset is the difference to the middle, wrong by half the exchange at most.
 */
final class Clocks {

  private static final int EXCHANGES = 50;

  private Clocks() {}

  /** What to subtract from the node's stamps to get this process's clock. */
  static long offsetNanos(Stage stage, int node) throws InterruptedException {
    long fastest = Long.MAX_VALUE;
    long offset = 0;
    for (int i = 0; i < EXCHANGES; i++) {
      long before = System.nanoTime();
      long there = stage.ask(node, Line.of("clock")).number("nanos");
      long after = System.nanoTime();
      if (after - before < fastest) {
        fastest = after - before;
        offset = offset(before, there, after);
      }
    }
    return offset;
  }

  /** The offset that one exchange shows. */
  static long offset(long before, long there, long after) {
    boolean between = there - before >= 0 && after - there >= 0;
    return between ? 0 : there - (before + (after - before) / 2);
  }
}
