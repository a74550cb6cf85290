// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code remove(key, oldValue)}. */
record RemoveValue<K, V>(V expected) implements KeyOperation<K, V, Boolean> {
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
    turn.erase();
    if (turn.remove(old)) {
      turn.tally().removal();
    }
    return true;
  }
}
