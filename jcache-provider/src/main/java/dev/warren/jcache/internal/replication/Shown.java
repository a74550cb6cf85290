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
  private volatile @Nullable Logged<V> landed;

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

  /**
   * Moves the expiry time. Returns the log state's entry if that shows instead of this by now, and
   * is to be touched too: who touches writes and then looks, {@link #land} the other way round, so
   * that one of the two sees the other.
   */
  final @Nullable Logged<V> expireAt(long millis) {
    expiryMillis = millis;
    return landed;
  }

  /** The log has brought this back as {@code logged}: gives the expiry time that shows so far. */
  final long land(Logged<V> logged) {
    landed = logged;
    return expiryMillis;
  }
}
