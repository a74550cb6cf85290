// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import java.time.Instant;

/**
 * One moment at which a time zone changes its offset from UTC.
 *
 * @param zone as in {@link java.time.ZoneId}
 * @param secondsBefore offset before the moment
 * @param secondsAfter offset from the moment on
 */
public record ZoneTransition(String zone, Instant at, int secondsBefore, int secondsAfter) {

  /** Names the transition: {@code Europe/Berlin#2031-03-30T01:00:00Z}. */
  public String key() {
    return zone + "#" + at;
  }

  /** The same moment as if the zone had abolished the change. */
  ZoneTransition outdated() {
    return new ZoneTransition(zone, at, secondsBefore, secondsBefore);
  }
}
