// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** {@code getAndRemove}: never loads; deletes through whether or not the key is present. */
record GetAndRemove<K, V>() implements KeyOperation<K, V, V> {
  @Override
  public @Nullable V run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.tally().get(old != null);
    turn.erase();
    if (turn.remove(old)) {
      turn.tally().removal();
    }
    return old;
  }
}
