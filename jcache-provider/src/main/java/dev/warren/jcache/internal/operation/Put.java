// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** {@code put}, and each entry of {@code putAll} without a writer. */
record Put<K, V>(V value) implements KeyOperation<K, V, Void> {
  @Override
  public @Nullable Void run(KeyTurn<K, V> turn) {
    if (turn.storeUnseen(value)) {
      turn.tally().put();
      return null;
    }
    V old = turn.live();
    turn.write(value);
    if (turn.store(old, value)) {
      turn.tally().put();
    }
    return null;
  }
}
