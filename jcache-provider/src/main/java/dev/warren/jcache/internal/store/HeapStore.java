// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The memory of a local cache: a concurrent map, bounded or not. */
public final class HeapStore<K, V> implements Store<K, V> {
  private final ConcurrentMap<K, Held<V>> entries;

  private HeapStore(ConcurrentMap<K, Held<V>> entries) {
    this.entries = entries;
  }

  public static <K, V> HeapStore<K, V> unbounded() {
    return new HeapStore<>(new ConcurrentHashMap<>());
  }

  /**
   * Drops the entries least likely to be used again when there are more than {@code maxEntries}.
   *
   * @param onEviction runs once per dropped entry, on the thread that made it too many; must not
   *     block
   */
  public static <K, V> HeapStore<K, V> bounded(long maxEntries, Runnable onEviction) {
    return new HeapStore<>(
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            .executor(Runnable::run)
            .<K, Held<V>>evictionListener((key, entry, cause) -> onEviction.run())
            .build()
            .asMap());
  }

  @Override
  public @Nullable StoredEntry<V> get(K key) {
    return entries.get(key);
  }

  @Override
  public Admission admit(int mutations) {
    return Admission.NONE;
  }

  @Override
  public void check(K key, V value) {}

  @Override
  public void put(Admission admission, K key, V value, long expiryMillis) {
    entries.put(key, new Held<>(value, expiryMillis));
  }

  @Override
  public void remove(Admission admission, K key) {
    entries.remove(key);
  }

  @Override
  public void touch(K key, StoredEntry<V> seen, long expiryMillis) {
    if (seen instanceof Held<V> held && held.expiryMillis != expiryMillis) {
      entries.replace(key, held, new Held<>(held.value, expiryMillis));
    }
  }

  @Override
  public boolean expire(K key, StoredEntry<V> seen) {
    return entries.remove(key, seen);
  }

  @Override
  public void clear(Admission admission) {
    entries.clear();
  }

  @Override
  public Iterator<K> keys() {
    return entries.keySet().iterator();
  }

  @Override
  public long size() {
    return entries.size();
  }

  /** Compared by identity, so that replace and remove mean exactly the entry that was seen. */
  private static final class Held<V> implements StoredEntry<V> {
    private final V value;
    private final long expiryMillis;

    Held(V value, long expiryMillis) {
      this.value = value;
      this.expiryMillis = expiryMillis;
    }

    @Override
    public V value() {
      return value;
    }

    @Override
    public long expiryMillis() {
      return expiryMillis;
    }
  }
}
