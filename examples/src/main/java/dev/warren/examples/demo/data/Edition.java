// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import java.util.Locale;

/** Which state of the time-zone data is right at a point of the story. */
public enum Edition {
  /** As first filled: some transitions still carry outdated offsets. */
  FIRST,
  /** Every transition is as the JDK says. */
  CORRECTED;

  /** The name on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #word}. */
  public static Edition of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
