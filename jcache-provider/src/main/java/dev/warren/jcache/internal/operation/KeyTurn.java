// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store.Admission;
import dev.warren.jcache.internal.store.Store.Watch;
import dev.warren.jcache.internal.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * One operation's turn at one key, under that key's lock: what it sees there and what it may do.
 *
 * <p><b>Re-entry.</b> A processor, loader or writer may call the cache for the very key whose turn
 * this is: its thread holds the lock. Such a nested operation is a whole one and comes first; what
 * this turn does then replaces or removes what is there by then, not what was there when it began,
 * so that events tell the history as it was. Only what was loaded for an absent key yields to what
 * was stored while it was loaded.
 *
 * <p>Steps of a write, in this order: {@link #live} (an expired entry is removed, EXPIRED queued,
 * and counts as absent) → {@link #load} → {@link #write} or {@link #erase} (asks the store first,
 * so that a full outbox or a value too large fails the operation before the writer runs; a writer
 * that throws leaves everything as it is) → {@link #create}, {@link #update} or {@link #remove},
 * which ask the expiry policy, change the store and queue the event. A write for which nothing of
 * that is wanted takes a shorter way ({@link #storeUnseen}). Listeners run when the thread has let
 * go of its keys.
 */
final class KeyTurn<K, V> implements AutoCloseable {
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final long EXPIRED_AT_ONCE = Long.MIN_VALUE;

  private final CacheContext<K, V> context;
  private final K key;
  private final Tally tally;
  private long nowMillis = UNKNOWN;
  private @Nullable StoredEntry<V> seen;
  private boolean looked;
  private boolean userCodeRan;
  private @Nullable Admission admission;
  private Watch watch = Watch.NONE;

  KeyTurn(CacheContext<K, V> context, K key, Tally tally) {
    this.context = context;
    this.key = key;
    this.tally = tally;
  }

  /** The time of this turn: when it was first asked for. Most turns need none. */
  private long now() {
    if (nowMillis == UNKNOWN) {
      nowMillis = context.clock().millis();
    }
    return nowMillis;
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
    seen = null;
    StoredEntry<V> entry = look();
    V value = entry == null ? null : entry.value();
    if (entry == null || value == null) {
      return null;
    }
    if (hasExpired(entry, value)) {
      return null;
    }
    seen = entry;
    return value;
  }

  /** The entry; what comes in one step comes before the first look or not at all. */
  private @Nullable StoredEntry<V> look() {
    if (looked) {
      return context.store().find(key);
    }
    looked = true;
    return context.store().getLocked(key);
  }

  /** Takes {@code entry} out if it has expired, unless a reader moves its time at this moment. */
  private boolean hasExpired(StoredEntry<V> entry, V value) {
    long expiryMillis = entry.expiryMillis();
    while (expiryMillis != ExpiryTimes.NEVER && ExpiryTimes.isExpired(expiryMillis, now())) {
      if (context.store().expire(key, entry, now())) {
        if (context.events().isHeard()) {
          queue(EntryChange.expired(key, value));
        }
        return true;
      }
      long before = expiryMillis;
      expiryMillis = entry.expiryMillis();
      if (expiryMillis == before) { // gone already, or the cluster has no room to tell it
        return true;
      }
    }
    return false;
  }

  /** The value of the external store as a private copy; null if there is none or nothing to ask. */
  @Nullable V load() {
    Loading<K, V> loading = context.readLoading();
    if (loading == null) {
      return null;
    }
    userCodeRan();
    watch();
    return loading.load(key);
  }

  /** From now on what another node changes is noted: the key's loader or writer runs next. */
  void watch() {
    unwatch();
    watch = context.store().watch(key);
  }

  /** Says that user code that may call the cache has run, or will, in this turn. */
  void userCodeRan() {
    userCodeRan = true;
  }

  /** The live value as it is now, where {@code old} is what this turn saw of it. */
  private @Nullable V now(@Nullable V old) {
    return userCodeRan ? live() : old;
  }

  /** Writes through, if the cache does. */
  void write(V value) {
    admission();
    Writing<K, V> writing = context.writing();
    if (writing != null) {
      context.store().check(key, value);
      userCodeRan();
      watch();
      writing.write(context.copier().copy(key), context.copier().copy(value));
    }
  }

  /** Deletes through, if the cache does; the key need not be present. */
  void erase() {
    Writing<K, V> writing = context.writing();
    if (writing != null) {
      admission();
      userCodeRan();
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

  /** Stores what was loaded for an absent key; the value that the key has then, if it has one. */
  V storeLoaded(V loaded) {
    V stored = now(null);
    if (stored != null) {
      return stored;
    }
    fill(null, loaded);
    return loaded;
  }

  /** Stores what was loaded in place of the live value {@code old}. */
  void replaceByLoaded(V old, V loaded) {
    fill(now(old), loaded);
  }

  /** Nobody hears of a loaded value that the store did not keep: it was never in the cache. */
  private void fill(@Nullable V present, V loaded) {
    long expiryMillis = present == null ? creationExpiry() : updateExpiry();
    if (expiryMillis == EXPIRED_AT_ONCE) {
      return;
    }
    if (context.store().fill(watch, key, loaded, expiryMillis) && context.events().isHeard()) {
      queue(
          present == null
              ? EntryChange.created(key, loaded)
              : EntryChange.updated(key, loaded, present));
    }
  }

  /** {@link #EXPIRED_AT_ONCE} if an entry created now would expire before it is added. */
  private long creationExpiry() {
    if (!context.expiry().canExpire()) {
      return ExpiryTimes.NEVER;
    }
    long expiryMillis = context.expiry().onCreation(now());
    return ExpiryTimes.isExpired(expiryMillis, now()) ? EXPIRED_AT_ONCE : expiryMillis;
  }

  private long updateExpiry() {
    long expiryMillis =
        context.expiry().canExpire() ? context.expiry().onUpdate(now()) : ExpiryTimes.UNCHANGED;
    if (expiryMillis != ExpiryTimes.UNCHANGED) {
      return expiryMillis;
    }
    return seen == null ? ExpiryTimes.NEVER : seen.expiryMillis();
  }

  /**
   * Stores a value for an absent key; false if it expires before it is added, which stores nothing.
   */
  private boolean create(V value) {
    long expiryMillis = creationExpiry();
    if (expiryMillis == EXPIRED_AT_ONCE) {
      tellRemoval();
      return false;
    }
    put(null, value, expiryMillis);
    return true;
  }

  /** Where others may have an entry that this node has not, they must hear of its end. */
  private void tellRemoval() {
    if (context.store().isPartial()) {
      context.store().remove(admission(), key);
    }
  }

  private void put(@Nullable V old, V value, long expiryMillis) {
    boolean kept = context.store().put(admission(), key, value, expiryMillis);
    if (context.events().isHeard()) {
      queue(old == null ? EntryChange.created(key, value) : EntryChange.updated(key, value, old));
      if (!kept) {
        queue(EntryChange.dropped(key, value));
      }
    }
  }

  /** Replaces the live value {@code old}. */
  private void update(V old, V value) {
    put(old, value, updateExpiry());
  }

  /**
   * Creates, or updates the live value {@code old}; false if the value expires before it is added,
   * which stores nothing.
   */
  boolean store(@Nullable V old, V value) {
    V present = now(old);
    if (present == null) {
      return create(value);
    }
    update(present, value);
    return true;
  }

  /**
   * Stores without a look at the value that is there, which may have to be decoded for it: where
   * nobody hears of it, no writer runs, and nothing expires. False if that is not so.
   */
  boolean storeUnseen(V value) {
    if (context.writing() != null || context.expiry().canExpire()) {
      return false;
    }
    Admission room = admission(); // it may have to wait, and somebody may begin to listen
    if (context.events().isHeard()) {
      return false;
    }
    StoredEntry<V> entry = look();
    if (entry != null && entry.expiryMillis() != ExpiryTimes.NEVER) {
      return false; // of a node that has another policy
    }
    context.store().put(room, key, value, ExpiryTimes.NEVER);
    return true;
  }

  /** Removes the live value {@code old}; false if there is none. */
  boolean remove(@Nullable V old) {
    V present = now(old);
    if (present == null) {
      tellRemoval();
      return false;
    }
    context.store().remove(admission(), key);
    if (context.events().isHeard()) {
      queue(EntryChange.removed(key, present));
    }
    return true;
  }

  /** Tells the expiry policy that the live value was read. */
  void accessed() {
    StoredEntry<V> entry = seen;
    if (entry != null && context.expiry().asksOnAccess()) {
      long expiryMillis = context.expiry().onAccess(now());
      if (expiryMillis != ExpiryTimes.UNCHANGED) {
        context.store().touch(key, entry, expiryMillis);
      }
    }
  }

  /** Ends {@link #watch}. */
  void unwatch() {
    watch.close();
    watch = Watch.NONE;
  }

  @Override
  public void close() {
    unwatch();
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
