// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a local cache: a concurrent map, bounded or not, and an {@link ExpiryWheel} if
 * entries may expire.
 *
 * <p><b>Exchange.</b> Most operations run no foreign code: they look, decide and change one entry.
 * In a map without bound they need no key's lock, for {@code compute} makes the change and the look
 * at who holds the lock one step. The holder of a key's lock must not meet such a change between
 * its own look and its own change. It has registered with KeyLocks before it comes here, and {@link
 * #getLocked} goes through {@code compute} too. An exchange whose step came before is in what the
 * holder then sees; one whose step comes after finds the registration and changes nothing. A map
 * with a bound offers no exchange: a weigher is foreign code, and {@code compute} would run it
 * while it blocks unrelated keys.
 *
 * <p><b>Clear</b> replaces a map without bound by an empty one. Who got the old map before may
 * still change it: that operation began before the clear ended and counts as one that came before
 * it. Emptying the map bin by bin would let a thread's second exchange be cleared and its first
 * survive.
 *
 * <p><b>Expiry.</b> An entry gets its place in the wheel when the map has taken it, and loses it
 * when the map has dropped it. In between another exchange, the bound or a reader that finds it
 * expired may take it out: whoever does says so to the wheel, which then has no place for it any
 * more. Until it has its place the sweep does not know it, which is no harm: it is due later.
 */
public final class HeapStore<K, V> implements Store<K, V> {
  private final @Nullable Predicate<K> isInUse;
  private final @Nullable ExpiryWheel<K, V> wheel;
  private volatile ConcurrentMap<K, HeapEntry<V>> entries;

  private HeapStore(
      ConcurrentMap<K, HeapEntry<V>> entries,
      @Nullable ExpiryWheel<K, V> wheel,
      @Nullable Predicate<K> isInUse) {
    this.entries = entries;
    this.wheel = wheel;
    this.isInUse = isInUse;
  }

  /**
   * A store without bound.
   *
   * @param timers where entries wait for their expiry; null if none ever expires
   * @param isInUse whether somebody holds the lock of a key or waits for it; must not block
   */
  public static <K, V> HeapStore<K, V> unbounded(@Nullable Timers timers, Predicate<K> isInUse) {
    return new HeapStore<>(new ConcurrentHashMap<>(), wheel(timers), isInUse);
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
    ExpiryWheel<K, V> wheel = wheel(timers);
    Caffeine<K, HeapEntry<V>> builder =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .evictionListener(
                (key, entry, cause) -> {
                  leave(wheel, entry);
                  onEviction.run();
                });
    return new HeapStore<>(map(builder, bound), wheel, null);
  }

  /**
   * What a store needs to let entries expire by themselves.
   *
   * @param onQueued told after an entry was put that will expire; must not block
   */
  public record Timers(InstantSource clock, Runnable onQueued) {}

  private static <K, V> @Nullable ExpiryWheel<K, V> wheel(@Nullable Timers timers) {
    return timers == null ? null : new ExpiryWheel<>(timers.clock(), timers.onQueued());
  }

  private static <K, V> ConcurrentMap<K, HeapEntry<V>> map(
      Caffeine<K, HeapEntry<V>> builder, Bound<K, V> bound) {
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

  @Override
  public @Nullable StoredEntry<V> get(K key) {
    return entries.get(key);
  }

  @Override
  public @Nullable StoredEntry<V> getLocked(K key) {
    return isInUse == null ? entries.get(key) : entries.compute(key, (k, entry) -> entry);
  }

  @Override
  public boolean canExchange() {
    return isInUse != null;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // whether the map is still this one
  public boolean exchange(
      K key, @Nullable StoredEntry<V> seen, @Nullable V value, long expiryMillis) {
    if (isInUse == null) {
      return false;
    }
    ConcurrentMap<K, HeapEntry<V>> map = entries;
    HeapEntry<V> next = value == null ? null : entry(key, value, expiryMillis);
    Exchange<K, V> exchange = new Exchange<>(isInUse, seen, next);
    map.compute(key, exchange);
    if (wheel != null && exchange.done) {
      settle(wheel, seen instanceof HeapEntry<V> old ? old : null, next);
      if (map != entries) { // cleared meanwhile: the wheel perhaps before the entry entered
        leave(wheel, next);
      }
    }
    return exchange.done;
  }

  /** The map holds {@code next} in place of {@code old}. */
  private static <K, V> void settle(
      ExpiryWheel<K, V> wheel, @Nullable HeapEntry<V> old, @Nullable HeapEntry<V> next) {
    if (next == null) {
      leave(wheel, old);
    } else if (old == null) {
      wheel.enter(timed(next));
    } else {
      wheel.replaced(timed(old), timed(next));
    }
  }

  /** One step of {@code compute}; confined to the calling thread. */
  private static final class Exchange<K, V>
      implements BiFunction<K, HeapEntry<V>, @Nullable HeapEntry<V>> {
    private final Predicate<K> isInUse;
    private final @Nullable StoredEntry<V> seen;
    private final @Nullable HeapEntry<V> next;
    private boolean done;

    Exchange(Predicate<K> isInUse, @Nullable StoredEntry<V> seen, @Nullable HeapEntry<V> next) {
      this.isInUse = isInUse;
      this.seen = seen;
      this.next = next;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // exactly the entry that was seen
    public @Nullable HeapEntry<V> apply(K key, @Nullable HeapEntry<V> entry) {
      done = entry == seen && !isInUse.test(key);
      return done ? next : entry;
    }
  }

  private HeapEntry<V> entry(K key, V value, long expiryMillis) {
    return wheel == null ? new HeapEntry<>(value) : wheel.entry(key, value, expiryMillis);
  }

  @Override
  public Admission admit(int mutations) {
    return Admission.NONE;
  }

  @Override
  public void check(K key, V value) {}

  @Override
  public boolean put(Admission admission, K key, V value, long expiryMillis) {
    HeapEntry<V> entry = entry(key, value, expiryMillis);
    HeapEntry<V> old = entries.put(key, entry);
    if (wheel != null) {
      settle(wheel, old, entry);
    }
    return true;
  }

  @Override
  public boolean fill(Watch watch, K key, V value, long expiryMillis) {
    return put(Admission.NONE, key, value, expiryMillis);
  }

  @Override
  public void remove(Admission admission, K key) {
    leave(wheel, entries.remove(key));
  }

  /**
   * Takes out the entry of a key without its lock, and gives it; null if there was none. Whoever
   * holds the lock meets it as he meets an eviction: of this, an expiry and a replacement one step
   * of the map is first, and it alone takes the entry from the wheel.
   */
  public @Nullable StoredEntry<V> drop(K key) {
    HeapEntry<V> entry = entries.remove(key);
    leave(wheel, entry);
    return entry;
  }

  /**
   * Takes out all entries without excluding anybody. What is put meanwhile goes or stays; if it
   * goes, its place in the wheel is left to it until its time.
   */
  public void dropAll() {
    ConcurrentMap<K, HeapEntry<V>> map = entries;
    List<HeapEntry<V>> dropped = wheel == null ? List.of() : new ArrayList<>(map.values());
    if (isInUse == null) {
      map.clear();
    } else {
      entries = new ConcurrentHashMap<>();
    }
    dropped.forEach(entry -> leave(wheel, entry));
  }

  @Override
  public void touch(K key, StoredEntry<V> seen, long expiryMillis) {
    if (wheel != null && seen instanceof HeapEntry<V> entry && timed(entry).move(expiryMillis)) {
      wheel.move(timed(entry));
    }
  }

  @Override
  public boolean expire(K key, StoredEntry<V> seen, long nowMillis) {
    if (wheel == null || !(seen instanceof HeapEntry<V> entry) || !timed(entry).kill(nowMillis)) {
      return false;
    }
    boolean removed = entries.remove(key, entry);
    wheel.leave(timed(entry));
    return removed;
  }

  @Override
  public Left due(long nowMillis, BiConsumer<K, StoredEntry<V>> visitor) {
    return wheel == null ? Left.NOTHING : wheel.due(nowMillis, visitor::accept);
  }

  @Override
  public void clear(Admission admission) {
    if (isInUse == null) {
      entries.clear();
      if (wheel != null) {
        wheel.clear();
      }
      return;
    }
    ConcurrentMap<K, HeapEntry<V>> map = entries;
    entries = new ConcurrentHashMap<>();
    if (wheel != null) { // which has entries of the new map already
      map.values().forEach(entry -> leave(wheel, entry));
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

  private static <K, V> void leave(
      @Nullable ExpiryWheel<K, V> wheel, @Nullable HeapEntry<V> entry) {
    if (entry != null && wheel != null) {
      wheel.leave(timed(entry));
    }
  }

  @SuppressWarnings("unchecked") // a store with a wheel has no other entries
  private static <K, V> TimedEntry<K, V> timed(HeapEntry<V> entry) {
    return (TimedEntry<K, V>) entry;
  }
}
