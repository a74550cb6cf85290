// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code remove(key)}: deletes through whether or not the key is present. */
record Remove<K, V>() implements KeyOperation<K, V, Boolean> {
  @Override
  public Boolean run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.erase();
    if (old == null) {
      return false;
    }
    turn.remove(old);
    turn.tally().removal();
    return true;
  }
}
