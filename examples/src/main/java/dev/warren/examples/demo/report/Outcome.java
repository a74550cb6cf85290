// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import java.util.Locale;

/** How a step ended. */
public sealed interface Outcome {

  /** True unless something was found wrong. */
  boolean good();

  /** What stands in the last column of the table. */
  String text();

  /** Answers were compared and counted. */
  record Compared(long right, long wrong) implements Outcome {
    @Override
    public boolean good() {
      return wrong == 0;
    }

    @Override
    public String text() {
      return wrong == 0
          ? String.format(Locale.ROOT, "right (%,d compared)", right)
          : String.format(Locale.ROOT, "WRONG (%,d of %,d)", wrong, right + wrong);
    }
  }

  /** The step only gave a figure. */
  record Measured() implements Outcome {
    @Override
    public boolean good() {
      return true;
    }

    @Override
    public String text() {
      return "measured";
    }
  }

  /** The step cannot be run on these parts. */
  record NotRun(String why) implements Outcome {
    @Override
    public boolean good() {
      return true;
    }

    @Override
    public String text() {
      return why;
    }
  }
}
