// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code remove(key)}: deletes through whether or not the key is present. */
record Remove<K, V>() implements KeyOperation<K, V, Boolean> {
  @Override
  public Boolean run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.erase();
    boolean removed = turn.remove(old);
    if (removed) {
      turn.tally().removal();
    }
    return removed;
  }
}
