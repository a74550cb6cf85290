// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.projector;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.replica.Applied;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which keys the log touched, and where last; which caches were cleared, and where (rules G1, G2).
 * A {@code Clear} makes the touches before it meaningless: the new generation starts empty.
 */
final class Changes {

  private final Predicate<String> persisted;
  private final Map<String, Map<Bytes, Long>> touched = new HashMap<>();
  private final Map<String, Long> cleared = new HashMap<>();

  Changes(Predicate<String> persisted) {
    this.persisted = persisted;
  }

  void add(Applied applied) {
    if (!(applied.event() instanceof Event.CacheEvent event) || !persisted.test(event.cache())) {
      return;
    }
    if (event instanceof Event.KeyEvent keyEvent) {
      if (!(keyEvent instanceof Event.Invalidate)) {
        touched
            .computeIfAbsent(event.cache(), cache -> new HashMap<>())
            .put(keyEvent.key(), applied.position());
      }
    } else {
      touched.remove(event.cache());
      cleared.put(event.cache(), applied.position());
    }
  }

  boolean isEmpty() {
    return touched.isEmpty() && cleared.isEmpty();
  }

  /** Keys touched, by cache; copies. */
  Map<String, Set<Bytes>> touched() {
    Map<String, Set<Bytes>> copy = new HashMap<>();
    touched.forEach((cache, keys) -> copy.put(cache, new HashSet<>(keys.keySet())));
    return copy;
  }

  /** Position of the last clear, by cache; a copy. */
  Map<String, Long> cleared() {
    return new HashMap<>(cleared);
  }

  /** Forgets what a checkpoint at {@code position} covers. */
  void dropUpTo(long position) {
    touched.values().forEach(keys -> keys.values().removeIf(at -> at <= position));
    touched.values().removeIf(Map::isEmpty);
    cleared.values().removeIf(at -> at <= position);
  }

  void reset() {
    touched.clear();
    cleared.clear();
  }
}
