// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * What this node shows and the log has not brought back yet: an own write, or a loaded value (rule
 * B2). Compared by identity: the end of an earlier write must not take away what a later one shows.
 */
class Shown<V> implements StoredEntry<V> {

  private final @Nullable V value;
  private volatile long expiryMillis;

  /** A stored value, or with null the absence that a removal shows. */
  Shown(@Nullable V value, long expiryMillis) {
    this.value = value;
    this.expiryMillis = expiryMillis;
  }

  final boolean isAbsence() {
    return value == null;
  }

  @Override
  public final @Nullable V value() {
    return value;
  }

  @Override
  public final long expiryMillis() {
    return expiryMillis;
  }

  final void expireAt(long millis) {
    expiryMillis = millis;
  }
}
