// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.integration.Writing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;

/**
 * {@code putAll} with a writer: one {@code writeAll} under the locks of all its keys, so that each
 * entry is stored in the same order as it is written. What the writer did not write is not stored;
 * nothing is written if one of the entries cannot be stored.
 */
record PutAll<K, V>(Writing<K, V> writing, Map<K, V> entries) implements BulkOperation<K, V, Void> {
  @Override
  public Void run(KeyTurns<K, V> turns) {
    Copier copier = turns.context().copier();
    List<Cache.Entry<K, V>> toWrite = new ArrayList<>(entries.size());
    entries.forEach(
        (key, value) -> toWrite.add(Writing.entry(copier.copy(key), copier.copy(value))));
    entries.forEach(turns.context().store()::check);
    turns.admit(entries.size());
    entries.keySet().forEach(key -> turns.of(key).watch());
    Writing.Outcome<K> outcome = writing.writeAll(toWrite);
    entries.forEach(
        (key, value) -> {
          if (outcome.done(key)) {
            KeyTurn<K, V> turn = turns.of(key);
            if (turn.store(turn.live(), value)) {
              turn.tally().put();
            }
          }
        });
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    return null;
  }
}
