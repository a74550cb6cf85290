// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** {@code getAndReplace}: never loads. */
record GetAndReplace<K, V>(V value) implements KeyOperation<K, V, V> {
  @Override
  public @Nullable V run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.tally().get(old != null);
    if (old != null) {
      turn.write(value);
      if (turn.store(old, value)) {
        turn.tally().put();
      }
    }
    return old;
  }
}
