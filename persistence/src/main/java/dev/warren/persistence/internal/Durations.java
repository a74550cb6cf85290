// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as the configuration writes them: {@code 500 ms}, {@code 5s}, {@code 14 days}.
 */
final class Durations {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,12})\\s*([a-z]*)");

  private Durations() {}

  /**
   * Without a unit: milliseconds.
   *
   * @throws IllegalArgumentException if {@code text} is not a duration from {@code least} to {@code
   *     most}
   */
  static Duration parse(String setting, String text, Duration least, Duration most) {
    Matcher matcher = FORMAT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      ChronoUnit unit = unit(matcher.group(2));
      if (unit != null) {
        Duration duration = Duration.of(Long.parseLong(matcher.group(1)), unit);
        if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
          return duration;
        }
      }
    }
    throw new IllegalArgumentException(
        setting
            + " must be a duration from "
            + text(least)
            + " to "
            + text(most)
            + ", such as 5 s, but was "
            + text);
  }

  private static @org.jspecify.annotations.Nullable ChronoUnit unit(String name) {
    return switch (name) {
      case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> ChronoUnit.MILLIS;
      case "s", "second", "seconds" -> ChronoUnit.SECONDS;
      case "m", "minute", "minutes" -> ChronoUnit.MINUTES;
      case "h", "hour", "hours" -> ChronoUnit.HOURS;
      case "d", "day", "days" -> ChronoUnit.DAYS;
      default -> null;
    };
  }

  /** In the largest unit that divides it. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + " d";
    } else if (millis % 1_000 == 0) {
      return millis / 1_000 + " s";
    }
    return millis + " ms";
  }
}
