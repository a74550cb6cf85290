// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.util.Iterator;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one cache as operations see it. {@code get} is lock-free; whatever changes a key,
 * but for {@code exchange} and {@code overwrite}, is called by the holder of that key's lock (see
 * KeyLocks), {@code clear} by whoever excludes all keys. The local store is a concurrent map; the
 * replicated one (package replication) shows own writes above the log state and hands them to the
 * outbox, that of an invalidation cache is a local one that tells others what changed. Values
 * handed in are already private copies.
 */
public interface Store<K, V> {

  /** The visible entry, expired or not; null if absent. */
  @Nullable StoredEntry<V> get(K key);

  /**
   * As {@link #get}, for the holder of the key's lock: what this gives stays the entry until the
   * holder changes it. After a {@code get} an {@link #exchange} could still come.
   */
  default @Nullable StoredEntry<V> getLocked(K key) {
    return get(key);
  }

  /**
   * As {@link #get}, for who may not want the value: that it cannot be read shows only when it is
   * asked for, as null.
   */
  default @Nullable StoredEntry<V> find(K key) {
    return get(key);
  }

  /** Whether {@link #exchange} can succeed at all. */
  default boolean canExchange() {
    return false;
  }

  /** Whether {@link #exchange} keeps its key always, and {@link #overwrite} may succeed. */
  default boolean keepsKeys() {
    return false;
  }

  /**
   * Changes the entry in one step, without the key's lock: if {@code seen} still is the entry and
   * nobody holds the lock or waits for it. False if this changed nothing.
   *
   * @param key kept if {@code seen} is null, if the new entry may expire, or if the store {@link
   *     #keepsKeys}
   * @param seen what {@link #get} or {@link #find} gave; null means absent
   * @param value of the new entry; null removes
   * @throws javax.cache.CacheException if the entry cannot be kept: nothing was changed
   */
  default boolean exchange(
      K key, @Nullable StoredEntry<V> seen, @Nullable V value, long expiryMillis) {
    return false;
  }

  /**
   * Puts an entry that never expires, whatever is there, in one step like {@link #exchange}. False
   * if this changed nothing, as where what is there may expire.
   *
   * @param key kept
   * @throws javax.cache.CacheException if the entry cannot be kept: nothing was changed
   */
  default boolean overwrite(K key, V value) {
    return false;
  }

  /**
   * Takes room for {@code mutations} changes before any of them, or the writer, runs, so that a
   * full outbox fails the operation and changes nothing.
   *
   * @throws javax.cache.CacheException if the cluster cannot take them: nothing was changed
   */
  Admission admit(int mutations);

  /**
   * Refuses what {@link #put} would refuse, before the writer runs.
   *
   * @throws javax.cache.CacheException if the entry cannot be kept: nothing was changed
   */
  void check(K key, V value);

  /**
   * Keeps a value that was written. False if it was told to others but not kept here: another node
   * changed the key while the writer ran.
   */
  boolean put(Admission admission, K key, V value, long expiryMillis);

  /**
   * Keeps a value that was loaded, without admission: false, which changes nothing, if there is no
   * room, or if the key was changed since {@code watch} began.
   */
  boolean fill(Watch watch, K key, V value, long expiryMillis);

  /**
   * Watches a key while its loader or writer runs, so that what comes from outside does not take
   * the place of a change made meanwhile.
   */
  default Watch watch(K key) {
    return Watch.NONE;
  }

  /** True if others may hold what is absent here: then they are told of its removal too. */
  default boolean isPartial() {
    return false;
  }

  /**
   * As {@link #admit}, for a removal of all entries one by one from a partial store, which tells it
   * as one change when the admission is closed.
   */
  default Admission admitRemovalOfAll() {
    throw new UnsupportedOperationException("only a partial store tells the end of all as one");
  }

  void remove(Admission admission, K key);

  /** Moves the expiry of {@code seen} if it still is the entry; needs no lock and no admission. */
  void touch(K key, StoredEntry<V> seen, long expiryMillis);

  /**
   * Removes {@code seen} if it is expired at {@code nowMillis} and still is the entry; true if this
   * call removed it.
   */
  boolean expire(K key, StoredEntry<V> seen, long nowMillis);

  /**
   * Visits entries whose time has come, a bounded number of them; needs no lock. What the visitor
   * does not {@link #expire} is visited again later.
   */
  default Left due(long nowMillis, BiConsumer<K, StoredEntry<V>> visitor) {
    return Left.NOTHING;
  }

  void clear(Admission admission);

  /** Weakly consistent; never fails on concurrent change. */
  Iterator<K> keys();

  /** Number of entries, expired ones included; an estimate under concurrent change. */
  long size();

  /** See {@link #watch}; closed by the holder of the key's lock, the last one opened first. */
  interface Watch extends AutoCloseable {
    Watch NONE = () -> {};

    @Override
    void close();
  }

  /** Room taken in advance; closing returns what was not used. */
  interface Admission extends AutoCloseable {
    Admission NONE = () -> {};

    @Override
    void close();
  }
}
