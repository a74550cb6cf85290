// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.integration.Loading;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads several keys in one call of the loader, under the locks of all of them, so that no load
 * overwrites what was put while it ran. Gives the values of all keys that have one.
 *
 * @param replace whether present keys are loaded too
 * @param read whether this is a reading call, which counts hits and misses and tells the expiry
 *     policy of accesses
 */
record LoadAll<K, V>(Loading<K, V> loading, Set<K> keys, boolean replace, boolean read)
    implements BulkOperation<K, V, Map<K, V>> {

  /** Replaces what was there; where nothing was, what the loader itself stored meanwhile stays. */
  private static <K, V> V store(KeyTurn<K, V> turn, @Nullable V before, V loaded) {
    turn.userCodeRan();
    if (before == null) {
      return turn.storeLoaded(loaded);
    }
    turn.replaceByLoaded(before, loaded);
    return loaded;
  }

  @Override
  public Map<K, V> run(KeyTurns<K, V> turns) {
    Map<K, V> present = new LinkedHashMap<>();
    Set<K> toLoad = new LinkedHashSet<>();
    for (K key : keys) {
      KeyTurn<K, V> turn = turns.of(key);
      V value = turn.live();
      if (value != null) {
        present.put(key, value);
      }
      if (value == null || replace) {
        toLoad.add(key);
      }
      if (read) {
        turn.tally().get(value != null);
        turn.accessed();
      }
    }
    if (toLoad.isEmpty()) {
      return present;
    }
    toLoad.forEach(key -> turns.of(key).watch());
    Map<K, V> loaded = loading.loadAll(toLoad);
    loaded.forEach((key, value) -> present.put(key, store(turns.of(key), present.get(key), value)));
    return present;
  }
}
