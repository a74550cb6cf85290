// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.codec.CodecException;
import dev.warren.sync.replica.LogEntry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log state as this node's operations see it: the value stays bytes until somebody
 * asks for it. Decoding twice in a race is harmless: both results are equal and nobody changes
 * them.
 */
final class Logged<V> implements StoredEntry<V> {

  private final LogEntry entry;
  private final Decoding decoding;
  private final AtomicBoolean expired = new AtomicBoolean();
  private volatile @Nullable V value;
  private volatile boolean undecodable;
  private volatile long expiryMillis;
  private volatile long announcedExpiryMillis;

  /** Decodes values, and counts and reports those that cannot be decoded. */
  interface Decoding {
    Object decode(byte[] bytes);

    void failed(Throwable cause);
  }

  Logged(LogEntry entry, Decoding decoding) {
    this.entry = entry;
    this.decoding = decoding;
    this.expiryMillis = entry.expiryMillis();
    this.announcedExpiryMillis = entry.expiryMillis();
  }

  LogEntry entry() {
    return entry;
  }

  @Override
  @SuppressWarnings(
      "unchecked") // the caches of a cluster agree on their types; a wrong one fails at its user
  public @Nullable V value() {
    V known = value;
    if (known == null && !undecodable) {
      try {
        known = (V) decoding.decode(entry.value());
        value = known;
      } catch (CodecException e) {
        undecodable = true;
        decoding.failed(e);
      }
    }
    return known;
  }

  /** The value need not be decoded: this is the object that its author put here. */
  void adopt(@Nullable V known) {
    value = known;
  }

  @Override
  public long expiryMillis() {
    return expiryMillis;
  }

  /**
   * Shows an own touch at once; true if it is far enough from the last one told to be told (B8).
   */
  boolean touch(long newExpiryMillis, long nowMillis) {
    expiryMillis = newExpiryMillis;
    long step = Math.max(1, Math.abs(newExpiryMillis - nowMillis) / 10);
    if (Math.abs(newExpiryMillis - announcedExpiryMillis) < step) {
      return false;
    }
    announcedExpiryMillis = newExpiryMillis;
    return true;
  }

  /** True for the one who finds that this has expired first, and tells of it. */
  boolean expire() {
    return expired.compareAndSet(false, true);
  }

  /** Who was first could not do it. */
  void unexpire() {
    expired.set(false);
  }
}
