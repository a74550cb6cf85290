// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.Event;
import dev.warren.sync.codec.CodecException;
import dev.warren.sync.replica.LogEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log state as this node's operations see it: the value stays bytes until somebody
 * asks for it. Decoding twice in a race is harmless: both results are equal and nobody changes
 * them.
 *
 * <p>There is one for each entry of a replicated cache, and one is made for each event that is
 * applied: what few of them need is beside them.
 */
final class Logged<V> implements StoredEntry<V> {

  private static final VarHandle EXPIRED;

  static {
    try {
      EXPIRED = MethodHandles.lookup().findVarHandle(Logged.class, "expired", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LogEntry entry;
  private final Decoding decoding;
  private volatile @Nullable V value;
  private volatile @Nullable Touched touched;
  private volatile boolean undecodable;

  /** Spares readers a look into the entry, which lies elsewhere in memory. */
  private final boolean eternal;

  @SuppressWarnings("unused") // by its handle
  private volatile boolean expired;

  /** Expiry times behind the first own touch: what shows here, and what the others were told. */
  private static final class Touched {
    volatile long shownMillis;
    volatile long announcedMillis;

    Touched(long shownMillis, long announcedMillis) {
      this.shownMillis = shownMillis;
      this.announcedMillis = announcedMillis;
    }
  }

  /** Decodes values, and counts and reports those that cannot be decoded. */
  interface Decoding {
    Object decode(byte[] bytes);

    void failed(Throwable cause);
  }

  Logged(LogEntry entry, Decoding decoding) {
    this.entry = entry;
    this.decoding = decoding;
    this.eternal = entry.expiryMillis() == Event.NEVER;
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
    Touched since = touched;
    if (since != null) {
      return since.shownMillis;
    }
    return eternal ? Event.NEVER : entry.expiryMillis();
  }

  /**
   * Shows an own touch at once; true if it is far enough from the last one told to be told (B8).
   */
  boolean touch(long newExpiryMillis, long nowMillis) {
    Touched since = touched;
    if (since == null) {
      since = new Touched(newExpiryMillis, entry.expiryMillis());
      touched = since;
    } else {
      since.shownMillis = newExpiryMillis;
    }
    long step = Math.max(1, Math.abs(newExpiryMillis - nowMillis) / 10);
    if (Math.abs(newExpiryMillis - since.announcedMillis) < step) {
      return false;
    }
    since.announcedMillis = newExpiryMillis;
    return true;
  }

  /** True for the one who finds that this has expired first, and tells of it. */
  boolean expire() {
    return EXPIRED.compareAndSet(this, false, true);
  }

  /** Who was first could not do it. */
  void unexpire() {
    expired = false;
  }
}
