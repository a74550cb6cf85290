// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * An own write that the log has not brought back yet (rule B2). Compared by identity: the end of an
 * earlier write must not take away what a later one shows.
 */
final class Shown<V> implements StoredEntry<V> {

  private final @Nullable V value;
  private volatile long expiryMillis;

  /** A stored value, or with null the absence that a removal shows. */
  Shown(@Nullable V value, long expiryMillis) {
    this.value = value;
    this.expiryMillis = expiryMillis;
  }

  boolean isAbsence() {
    return value == null;
  }

  @Override
  public @Nullable V value() {
    return value;
  }

  @Override
  public long expiryMillis() {
    return expiryMillis;
  }

  void expireAt(long millis) {
    expiryMillis = millis;
  }
}
