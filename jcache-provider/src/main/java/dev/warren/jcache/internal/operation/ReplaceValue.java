// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code replace(key, oldValue, newValue)}. */
record ReplaceValue<K, V>(V expected, V value) implements KeyOperation<K, V, Boolean> {
  @Override
  public Boolean run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.tally().get(old != null);
    if (old == null) {
      return false;
    }
    if (!old.equals(expected)) {
      turn.accessed();
      return false;
    }
    turn.write(value);
    if (turn.store(old, value)) {
      turn.tally().put();
    }
    return true;
  }
}
