// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code replace(key, value)}. */
record Replace<K, V>(V value) implements KeyOperation<K, V, Boolean> {
  @Override
  public Boolean run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.tally().get(old != null);
    if (old == null) {
      return false;
    }
    turn.write(value);
    if (turn.store(old, value)) {
      turn.tally().put();
    }
    return true;
  }
}
