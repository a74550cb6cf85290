// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.report.Outcome;
import dev.warren.examples.demo.wire.Line;

/** Right and wrong answers so far. */
record Tally(long right, long wrong) {

  static final Tally NONE = new Tally(0, 0);

  static Tally of(Line answer) {
    return new Tally(answer.number("right"), answer.number("wrong"));
  }

  /** One more comparison. */
  static Tally of(boolean right) {
    return right ? new Tally(1, 0) : new Tally(0, 1);
  }

  Tally plus(Tally other) {
    return new Tally(right + other.right, wrong + other.wrong);
  }

  Outcome outcome() {
    return new Outcome.Compared(right, wrong);
  }
}
