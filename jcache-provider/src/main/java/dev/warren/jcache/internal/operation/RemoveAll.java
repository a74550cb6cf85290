// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.integration.Writing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code removeAll} under the locks of all its keys: one {@code deleteAll}, then what it deleted is
 * removed.
 *
 * @param onlyLive whether keys without a live entry are kept from the writer: {@code removeAll()}
 *     means the entries, {@code removeAll(keys)} the keys
 */
record RemoveAll<K, V>(@Nullable Writing<K, V> writing, Set<K> keys, boolean onlyLive)
    implements BulkOperation<K, V, Void> {
  @Override
  public @Nullable Void run(KeyTurns<K, V> turns) {
    List<K> toDelete = new ArrayList<>(keys.size());
    for (K key : keys) {
      if (!onlyLive || turns.of(key).live() != null) {
        toDelete.add(key);
      }
    }
    if (onlyLive && turns.context().store().isPartial()) {
      turns.admitRemovalOfAll();
    } else if (toDelete.isEmpty()) {
      return null;
    } else {
      turns.admit(toDelete.size());
    }
    Writing.Outcome<K> outcome =
        writing == null || toDelete.isEmpty()
            ? new Writing.Outcome<>(Set.of(), null)
            : writing.deleteAll(toDelete.stream().map(turns.context().copier()::copy).toList());
    for (K key : toDelete) {
      KeyTurn<K, V> turn = turns.of(key);
      if (outcome.done(key) && turn.remove(turn.live())) {
        turn.tally().removal();
      }
    }
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    return null;
  }
}
