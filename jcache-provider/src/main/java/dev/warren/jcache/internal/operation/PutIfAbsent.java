// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** {@code putIfAbsent}: a present value is not read in the sense of the expiry policy. */
record PutIfAbsent<K, V>(V value) implements KeyOperation<K, V, Boolean> {
  @Override
  public Boolean run(KeyTurn<K, V> turn) {
    boolean present = turn.live() != null;
    turn.tally().get(present);
    if (present) {
      return false;
    }
    turn.write(value);
    if (turn.store(null, value)) {
      turn.tally().put();
    }
    return true;
  }
}
