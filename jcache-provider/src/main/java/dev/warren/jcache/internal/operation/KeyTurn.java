// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store.Admission;
import dev.warren.jcache.internal.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * One operation's turn at one key, under that key's lock: what it sees there and what it may do.
 *
 * <p>Steps of a write, in this order: {@link #live} (an expired entry is removed, EXPIRED queued,
 * and counts as absent) → {@link #load} → {@link #write} or {@link #erase} (takes the store's
 * admission first, so that a full outbox fails the operation before the writer runs; a writer that
 * throws leaves everything as it is) → {@link #create}, {@link #update} or {@link #remove}, which
 * ask the expiry policy, change the store and queue the event. Listeners run when the thread has
 * let go of its keys.
 */
final class KeyTurn<K, V> implements AutoCloseable {
  private final CacheContext<K, V> context;
  private final K key;
  private final Tally tally;
  private final long nowMillis;
  private @Nullable StoredEntry<V> seen;
  private @Nullable Admission admission;

  KeyTurn(CacheContext<K, V> context, K key, Tally tally) {
    this.context = context;
    this.key = key;
    this.tally = tally;
    this.nowMillis = context.clock().millis();
  }

  K key() {
    return key;
  }

  Tally tally() {
    return tally;
  }

  CacheContext<K, V> context() {
    return context;
  }

  /** The stored value, or null if the key is absent or has expired. */
  @Nullable V live() {
    StoredEntry<V> entry = context.store().get(key);
    V value = entry == null ? null : entry.value();
    if (entry == null || value == null) {
      return null;
    }
    if (ExpiryTimes.isExpired(entry.expiryMillis(), nowMillis)) {
      if (context.store().expire(key, entry)) {
        queue(EntryChange.expired(key, value));
      }
      return null;
    }
    seen = entry;
    return value;
  }

  /** The value of the external store as a private copy; null if there is none or nothing to ask. */
  @Nullable V load() {
    Loading<K, V> loading = context.readLoading();
    V loaded = loading == null ? null : loading.load(key);
    return loaded == null ? null : context.copier().copy(loaded);
  }

  /** Writes through, if the cache does. */
  void write(V value) {
    admission();
    Writing<K, V> writing = context.writing();
    if (writing != null) {
      writing.write(context.copier().copy(key), context.copier().copy(value));
    }
  }

  /** Deletes through, if the cache does; the key need not be present. */
  void erase() {
    Writing<K, V> writing = context.writing();
    if (writing != null) {
      admission();
      writing.delete(context.copier().copy(key));
    }
  }

  /** Takes the room that this turn's one change needs. */
  private Admission admission() {
    Admission room = admission;
    if (room == null) {
      room = context.store().admit(1);
      admission = room;
    }
    return room;
  }

  /** Takes room that a bulk operation has admitted for several turns. */
  void use(Admission shared) {
    admission = shared;
  }

  /**
   * Stores a value for an absent key; false if it expires before it is added, which stores nothing.
   */
  boolean create(V value) {
    long expiryMillis = context.expiry().onCreation(nowMillis);
    if (ExpiryTimes.isExpired(expiryMillis, nowMillis)) {
      return false;
    }
    context.store().put(admission(), key, value, expiryMillis);
    queue(EntryChange.created(key, value));
    return true;
  }

  /** Replaces the live value {@code old}. */
  void update(V old, V value) {
    long expiryMillis = context.expiry().onUpdate(nowMillis);
    if (expiryMillis == ExpiryTimes.UNCHANGED) {
      expiryMillis = seen == null ? ExpiryTimes.NEVER : seen.expiryMillis();
    }
    context.store().put(admission(), key, value, expiryMillis);
    queue(EntryChange.updated(key, value, old));
  }

  /** Creates or updates, whatever {@code old} says; false if nothing was stored. */
  boolean store(@Nullable V old, V value) {
    if (old == null) {
      return create(value);
    }
    update(old, value);
    return true;
  }

  /** Removes the live value {@code old}. */
  void remove(V old) {
    context.store().remove(admission(), key);
    queue(EntryChange.removed(key, old));
  }

  /** Tells the expiry policy that the live value was read. */
  void accessed() {
    StoredEntry<V> entry = seen;
    if (entry != null) {
      long expiryMillis = context.expiry().onAccess(nowMillis);
      if (expiryMillis != ExpiryTimes.UNCHANGED) {
        context.store().touch(key, entry, expiryMillis);
      }
    }
  }

  @Override
  public void close() {
    if (admission != null) {
      admission.close();
    }
  }

  private void queue(EntryChange<K, V> change) {
    Runnable delivery = context.events().queue(change);
    if (delivery != null) {
      KeyLocks.afterRelease(delivery);
    }
  }
}
