// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a local cache: a concurrent map, bounded or not, and an {@link ExpiryWheel} if
 * entries may expire.
 *
 * <p>An entry has its place in the wheel before the map holds it, and loses it after the map has
 * dropped it. In the other order an entry that the bound evicts at once would lose its place before
 * it got it, and keep it then. Meanwhile the sweep cannot take it: it would need the key's lock.
 */
public final class HeapStore<K, V> implements Store<K, V> {
  private final ConcurrentMap<K, HeapEntry<V>> entries;
  private final @Nullable ExpiryWheel<K, V> wheel;

  private HeapStore(Bound<K, V> bound, @Nullable Timers timers, Runnable onEviction) {
    this.wheel = timers == null ? null : new ExpiryWheel<>(timers.clock(), timers.onQueued());
    this.entries = map(bound, onEviction);
  }

  /**
   * A store without bound.
   *
   * @param timers where entries wait for their expiry; null if none ever expires
   */
  public static <K, V> HeapStore<K, V> unbounded(@Nullable Timers timers) {
    return new HeapStore<>(new Bound.None<>(), timers, () -> {});
  }

  /**
   * Drops the entries least likely to be used again when there are more than {@code bound} allows.
   *
   * @param timers where entries wait for their expiry; null if none ever expires
   * @param onEviction runs once per dropped entry, on the thread that made it too many; must not
   *     block
   */
  public static <K, V> HeapStore<K, V> bounded(
      Bound<K, V> bound, @Nullable Timers timers, Runnable onEviction) {
    return new HeapStore<>(bound, timers, onEviction);
  }

  /**
   * What a store needs to let entries expire by themselves.
   *
   * @param onQueued told after an entry was put that will expire; must not block
   */
  public record Timers(InstantSource clock, Runnable onQueued) {}

  private ConcurrentMap<K, HeapEntry<V>> map(Bound<K, V> bound, Runnable onEviction) {
    if (bound instanceof Bound.None<K, V>) {
      return new ConcurrentHashMap<>();
    }
    Caffeine<K, HeapEntry<V>> builder =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .evictionListener((key, entry, cause) -> evicted(entry, onEviction));
    if (bound instanceof Bound.Weight<K, V> weight) {
      return builder
          .maximumWeight(weight.max())
          .weigher((K key, HeapEntry<V> entry) -> weight.weigher().applyAsInt(key, entry.value()))
          .<K, HeapEntry<V>>build()
          .asMap();
    }
    return builder
        .maximumSize(((Bound.Entries<K, V>) bound).max())
        .<K, HeapEntry<V>>build()
        .asMap();
  }

  private void evicted(@Nullable HeapEntry<V> entry, Runnable onEviction) {
    dropped(entry);
    onEviction.run();
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
    if (wheel == null) {
      entries.put(key, new HeapEntry<>(value, expiryMillis));
      return;
    }
    TimedEntry<K, V> entry = wheel.enter(key, value, expiryMillis);
    HeapEntry<V> old = entries.put(key, entry);
    if (old != null) {
      wheel.replaced(timed(old), entry);
    }
  }

  @Override
  public void remove(Admission admission, K key) {
    dropped(entries.remove(key));
  }

  @Override
  public void touch(K key, StoredEntry<V> seen, long expiryMillis) {
    if (seen instanceof HeapEntry<V> entry && entry.move(expiryMillis) && wheel != null) {
      wheel.move(timed(entry));
    }
  }

  @Override
  public boolean expire(K key, StoredEntry<V> seen, long nowMillis) {
    if (!(seen instanceof HeapEntry<V> entry) || !entry.kill(nowMillis)) {
      return false;
    }
    boolean removed = entries.remove(key, entry);
    dropped(entry);
    return removed;
  }

  @Override
  public Left due(long nowMillis, BiConsumer<K, StoredEntry<V>> visitor) {
    return wheel == null ? Left.NOTHING : wheel.due(nowMillis, visitor::accept);
  }

  @Override
  public void clear(Admission admission) {
    entries.clear();
    if (wheel != null) {
      wheel.clear();
    }
  }

  @Override
  public Iterator<K> keys() {
    return entries.keySet().iterator();
  }

  @Override
  public long size() {
    return entries.size();
  }

  /** Number of entries that wait for their expiry. */
  int waiting() {
    return wheel == null ? 0 : wheel.size();
  }

  private void dropped(@Nullable HeapEntry<V> entry) {
    if (entry != null && wheel != null) {
      wheel.leave(timed(entry));
    }
  }

  @SuppressWarnings("unchecked") // a store with a wheel has no other entries
  private TimedEntry<K, V> timed(HeapEntry<V> entry) {
    return (TimedEntry<K, V>) entry;
  }
}
