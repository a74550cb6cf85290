// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import org.jspecify.annotations.Nullable;

/** An entry with a place in an {@link ExpiryWheel}; all but the value is the wheel's business. */
final class TimedEntry<K, V> extends HeapEntry<V> {
  /** {@link #slot} of an entry that is in none, but may come into one. */
  static final short NOWHERE = -1;

  /** {@link #slot} of an entry that the store holds no more. */
  static final short GONE = -2;

  /** The stripe to which it belongs. */
  final byte stripe;

  // Guarded by the stripe's lock.
  K key;
  short slot = NOWHERE;
  @Nullable TimedEntry<K, V> previous;
  @Nullable TimedEntry<K, V> next;

  TimedEntry(K key, V value, long expiryMillis, byte stripe) {
    super(value, expiryMillis);
    this.key = key;
    this.stripe = stripe;
  }
}
