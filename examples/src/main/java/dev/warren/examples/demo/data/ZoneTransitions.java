// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** All time-zone transitions of the years 2025 to 2054 that this JDK knows. */
public final class ZoneTransitions {

  /** Transitions that the first edition states wrongly, so that changing them is real work. */
  public static final int CORRECTIONS = 600;

  private static final Instant FROM = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant BEFORE = Instant.parse("2055-01-01T00:00:00Z");

  private ZoneTransitions() {}

  /** The data set as it is right at {@code edition}. */
  public static Dataset<ZoneTransition> dataset(Edition edition) {
    SortedMap<String, ZoneTransition> entries = fromJdk();
    if (edition == Edition.FIRST) {
      Set<String> outdated = new HashSet<>(correctedKeys(entries));
      entries.replaceAll((key, value) -> outdated.contains(key) ? value.outdated() : value);
    }
    return new Dataset<>("time-zone transitions", entries);
  }

  /** The corrections in the order in which they are made, with the right values. */
  public static List<ZoneTransition> corrections() {
    SortedMap<String, ZoneTransition> entries = fromJdk();
    List<ZoneTransition> corrections = new ArrayList<>(CORRECTIONS);
    for (String key : correctedKeys(entries)) {
      ZoneTransition corrected = entries.get(key);
      if (corrected != null) {
        corrections.add(corrected);
      }
    }
    return corrections;
  }

  /* Spread evenly over the sorted keys, hence over all zones; a pure function of the JDK's data. */
  private static List<String> correctedKeys(SortedMap<String, ZoneTransition> entries) {
    List<String> candidates =
        entries.values().stream()
            .filter(transition -> transition.secondsBefore() != transition.secondsAfter())
            .map(ZoneTransition::key)
            .toList();
    int step = candidates.size() / CORRECTIONS;
    List<String> keys = new ArrayList<>(CORRECTIONS);
    for (int i = 0; i < CORRECTIONS; i++) {
      keys.add(candidates.get(i * step));
    }
    return keys;
  }

  private static SortedMap<String, ZoneTransition> fromJdk() {
    SortedMap<String, ZoneTransition> entries = new TreeMap<>();
    for (String zone : ZoneId.getAvailableZoneIds()) {
      ZoneRules rules = ZoneId.of(zone).getRules();
      ZoneOffsetTransition next = rules.nextTransition(FROM.minusNanos(1));
      while (next != null && next.getInstant().isBefore(BEFORE)) {
        ZoneTransition transition =
            new ZoneTransition(
                zone,
                next.getInstant(),
                next.getOffsetBefore().getTotalSeconds(),
                next.getOffsetAfter().getTotalSeconds());
        entries.put(transition.key(), transition);
        next = rules.nextTransition(next.getInstant());
      }
    }
    return entries;
  }
}
