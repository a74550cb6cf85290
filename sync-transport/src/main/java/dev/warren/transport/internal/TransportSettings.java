// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import java.time.Duration;
import java.util.Map;

/**
 * What may be set of a transport.
 *
 * @param prefetch records sent ahead of the last acknowledged one
 * @param heartbeat a silent connection is given up after about two of these; whole seconds
 * @param connectTimeout longest wait for a TCP connection to one address, and for each answer
 */
public record TransportSettings(int prefetch, Duration heartbeat, Duration connectTimeout) {

  static final TransportSettings DEFAULTS =
      new TransportSettings(200, Duration.ofSeconds(10), Duration.ofSeconds(5));

  /**
   * Reads {@code prefetch} (a number), {@code heartbeat} and {@code connect-timeout} (such as
   * {@code 10s} or {@code 500ms}); other names are ignored.
   *
   * @throws IllegalArgumentException if a value is malformed or out of range
   */
  public static TransportSettings of(Map<String, String> settings) {
    String prefetch = settings.getOrDefault("prefetch", "" + DEFAULTS.prefetch).strip();
    if (!prefetch.matches("[1-9]\\d{0,4}") || Integer.parseInt(prefetch) > 65_535) {
      throw new IllegalArgumentException(
          "prefetch must be a number from 1 to 65535, but was " + prefetch);
    }
    return new TransportSettings(
        Integer.parseInt(prefetch),
        duration(settings, "heartbeat", DEFAULTS.heartbeat, Duration.ofSeconds(1)),
        duration(settings, "connect-timeout", DEFAULTS.connectTimeout, Duration.ofMillis(100)));
  }

  private static Duration duration(
      Map<String, String> settings, String name, Duration byDefault, Duration least) {
    String text = settings.get(name);
    if (text == null) {
      return byDefault;
    }
    String value = text.strip();
    Duration duration = Duration.ZERO;
    if (value.matches("\\d{1,6} ?ms")) {
      duration = Duration.ofMillis(Long.parseLong(value.replaceAll(" ?ms", "")));
    } else if (value.matches("\\d{1,4} ?s?")) {
      duration = Duration.ofSeconds(Long.parseLong(value.replaceAll(" ?s", "")));
    }
    if (duration.compareTo(least) < 0 || duration.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "%s must be a duration from %d ms to 10 minutes, such as 5s or 500ms, but was %s"
              .formatted(name, least.toMillis(), value));
    }
    return duration;
  }
}
