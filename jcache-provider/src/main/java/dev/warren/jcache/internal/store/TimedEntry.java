// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An entry that may expire, with a place in an {@link ExpiryWheel}.
 *
 * <p>The expiry time moves in place, because readers move it without the key's lock; {@link #kill}
 * is the end of that. Of a reader that moves the time and somebody who finds that it has come one
 * is first: either the reader's time counts, or the entry has expired and the reader's move fails.
 */
final class TimedEntry<K, V> extends HeapEntry<V> {
  /** {@link #slot} of an entry that is in none, but may come into one. */
  static final short NOWHERE = -1;

  /** {@link #slot} of an entry that the store holds no more. */
  static final short GONE = -2;

  /** The expiry time of an entry that somebody has found expired. */
  private static final long DEAD = Long.MIN_VALUE;

  private static final VarHandle EXPIRY;

  static {
    try {
      EXPIRY = MethodHandles.lookup().findVarHandle(TimedEntry.class, "expiryMillis", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The stripe to which it belongs. */
  final byte stripe;

  // Plainly written before the map publishes the entry, by EXPIRY afterwards.
  @SuppressWarnings("UnusedVariable")
  private long expiryMillis;

  // Guarded by the stripe's lock.
  K key;
  short slot = NOWHERE;
  @Nullable TimedEntry<K, V> previous;
  @Nullable TimedEntry<K, V> next;

  TimedEntry(K key, V value, long expiryMillis, byte stripe) {
    super(value);
    this.key = key;
    this.expiryMillis = expiryMillis;
    this.stripe = stripe;
  }

  @Override
  public long expiryMillis() {
    return (long) EXPIRY.getOpaque(this);
  }

  /** True if this moved the expiry time to an earlier one. */
  boolean move(long toMillis) {
    for (long from = expiryMillis(); from != DEAD && from != toMillis; from = expiryMillis()) {
      if (EXPIRY.compareAndSet(this, from, toMillis)) {
        return toMillis < from;
      }
    }
    return false;
  }

  /** True for the one caller that finds this expired at {@code nowMillis}. */
  boolean kill(long nowMillis) {
    for (long from = expiryMillis(); from != DEAD; from = expiryMillis()) {
      if (!ExpiryTimes.isExpired(from, nowMillis)) {
        return false;
      }
      if (EXPIRY.compareAndSet(this, from, DEAD)) {
        return true;
      }
    }
    return false;
  }
}
