// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of the snapshot store.
 *
 * @param serverSelectionTimeout how long a call waits for a server, 10 ms to 10 min
 * @param purgeTime how long a tombstone is kept; must be longer than the log's retention
 * @param dropAfter how long a generation is kept after the checkpoint has moved on
 */
record StoreSettings(Duration serverSelectionTimeout, Duration purgeTime, Duration dropAfter) {
  static final String SERVER_SELECTION_TIMEOUT = "server-selection-timeout";
  static final String PURGE_TIME = "purge-time";
  static final String DROP_AFTER = "drop-after";

  static final StoreSettings DEFAULTS =
      new StoreSettings(Duration.ofSeconds(5), Duration.ofDays(14), Duration.ofMinutes(10));

  /**
   * Reads settings by their short names.
   *
   * @throws IllegalArgumentException if a name is unknown or a value is not a duration in its range
   */
  static StoreSettings parse(Map<String, String> settings) {
    Map<String, String> rest = new TreeMap<>(settings);
    StoreSettings parsed =
        new StoreSettings(
            take(
                rest,
                SERVER_SELECTION_TIMEOUT,
                DEFAULTS.serverSelectionTimeout(),
                Duration.ofMillis(10),
                Duration.ofMinutes(10)),
            take(
                rest,
                PURGE_TIME,
                DEFAULTS.purgeTime(),
                Duration.ofMinutes(1),
                Duration.ofDays(3_650)),
            take(rest, DROP_AFTER, DEFAULTS.dropAfter(), Duration.ZERO, Duration.ofDays(3_650)));
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException(
          "settings of a MongoDB store must be "
              + SERVER_SELECTION_TIMEOUT
              + ", "
              + PURGE_TIME
              + " or "
              + DROP_AFTER
              + ", but there was "
              + String.join(", ", rest.keySet())
              + ": remove it or correct its name");
    }
    return parsed;
  }

  private static Duration take(
      Map<String, String> rest, String name, Duration otherwise, Duration least, Duration most) {
    String text = rest.remove(name);
    return text == null ? otherwise : Durations.parse(name, text, least, most);
  }
}
