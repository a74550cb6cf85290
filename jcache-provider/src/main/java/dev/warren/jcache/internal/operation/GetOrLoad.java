// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** {@code get} of a key that has no live entry at first sight: looks again, then loads. */
record GetOrLoad<K, V>() implements KeyOperation<K, V, V> {
  @Override
  public @Nullable V run(KeyTurn<K, V> turn) {
    V value = turn.live();
    turn.tally().get(value != null);
    if (value != null) {
      turn.accessed();
      return value;
    }
    V loaded = turn.load();
    return loaded == null ? null : turn.storeLoaded(loaded);
  }
}
