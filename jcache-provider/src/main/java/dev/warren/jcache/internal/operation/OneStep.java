// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.operation.StatisticsPort.Kind;
import dev.warren.jcache.internal.store.Store;
import dev.warren.jcache.internal.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one entry without the key's lock, where nothing but the store takes part: no listener,
 * no writer, no expiry policy of the user's. Each looks at the entry, decides, and exchanges
 * exactly the entry it saw; so it takes effect at the exchange, or, if it changes nothing, at the
 * look. User's code that decides ({@code equals}) runs in between, under no lock.
 *
 * <p>Each method gives what it saw: a live entry, {@link #ABSENT} or {@link #UNEQUAL}; or null if
 * it did nothing because it must be done under the key's lock: somebody else came between, an
 * expired entry is there, the new one would expire at once, or a shared store says that this is no
 * time for it. Who does not ask what was there, and stores what never expires, does not look either
 * where the store can do without, and gets {@link #ABSENT}.
 */
final class OneStep<K, V> {
  private final CacheContext<K, V> context;
  private final boolean isPossible;
  private final boolean keepsKeys;

  OneStep(CacheContext<K, V> context) {
    this.context = context;
    this.isPossible =
        context.store().canExchange() && context.writing() == null && !context.expiry().isForeign();
    this.keepsKeys = context.store().keepsKeys();
  }

  /** The answer to an absent key. */
  static final StoredEntry<Object> ABSENT = new Nothing();

  /** The answer to a value that is not the expected one. */
  static final StoredEntry<Object> UNEQUAL = new Nothing();

  private static final class Nothing implements StoredEntry<Object> {
    @Override
    public @Nullable Object value() {
      return null;
    }

    @Override
    public long expiryMillis() {
      return ExpiryTimes.NEVER;
    }
  }

  @SuppressWarnings("unchecked") // it has no value
  private static <V> StoredEntry<V> nothing(StoredEntry<Object> nothing) {
    return (StoredEntry<V>) nothing;
  }

  /**
   * Stores {@code value} whatever is there.
   *
   * @param reads whether this counts as a hit or a miss too
   */
  @Nullable StoredEntry<V> store(K key, V value, boolean reads) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.PUT);
    if (!reads && keepsKeys && !context.expiry().canExpire()) {
      if (context.store().overwrite(context.copier().copy(key), value)) {
        return count(null, begun, false, true, false);
      }
      return null;
    }
    StoredEntry<V> seen = context.store().get(key);
    if (!put(key, seen, value)) {
      return null;
    }
    return count(seen, begun, reads, true, false);
  }

  @Nullable StoredEntry<V> storeIfAbsent(K key, V value) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.PUT);
    StoredEntry<V> seen = context.store().get(key);
    if (seen == null) {
      return put(key, null, value) ? count(null, begun, true, true, false) : null;
    }
    return isLive(seen) ? count(seen, begun, true, false, false) : null;
  }

  @Nullable StoredEntry<V> storeIfPresent(K key, V value) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.PUT);
    StoredEntry<V> seen = context.store().get(key);
    if (seen == null) {
      return count(null, begun, true, false, false);
    }
    return put(key, seen, value) ? count(seen, begun, true, true, false) : null;
  }

  /** {@code reads}: whether this counts as a hit or a miss too. */
  @Nullable StoredEntry<V> remove(K key, boolean reads) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.REMOVE);
    StoredEntry<V> seen = context.store().get(key);
    if (seen == null) {
      return count(null, begun, reads, false, false);
    }
    return take(key, seen) ? count(seen, begun, reads, false, true) : null;
  }

  @Nullable StoredEntry<V> replaceIfEqual(K key, V expected, V value) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.PUT);
    StoredEntry<V> seen = context.store().get(key);
    if (!isEqual(seen, expected)) {
      return unequal(key, seen, begun);
    }
    return put(key, seen, value) ? count(seen, begun, true, true, false) : null;
  }

  @Nullable StoredEntry<V> removeIfEqual(K key, V expected) {
    if (isHindered()) {
      return null;
    }
    long begun = context.statistics().begin(Kind.REMOVE);
    StoredEntry<V> seen = context.store().get(key);
    if (seen == null || !isEqual(seen, expected)) {
      return unequal(key, seen, begun);
    }
    return take(key, seen) ? count(seen, begun, true, false, true) : null;
  }

  /** Whether a change must go the other way today. */
  private boolean isHindered() {
    return !isPossible || context.events().isHeard();
  }

  private static <V> boolean isEqual(@Nullable StoredEntry<V> seen, V expected) {
    V value = seen == null ? null : seen.value();
    return value != null && value.equals(expected);
  }

  /** A failed comparison reads the entry in the sense of the expiry policy. */
  private @Nullable StoredEntry<V> unequal(K key, @Nullable StoredEntry<V> seen, long begun) {
    if (seen == null) {
      return count(null, begun, true, false, false);
    }
    if (!isLive(seen)) {
      return null;
    }
    if (context.expiry().asksOnAccess()) {
      long expiryMillis = context.expiry().onAccess(context.clock().millis());
      if (expiryMillis != ExpiryTimes.UNCHANGED) {
        context.store().touch(key, seen, expiryMillis);
      }
    }
    count(seen, begun, true, false, false);
    return nothing(UNEQUAL);
  }

  private boolean isLive(StoredEntry<V> entry) {
    long expiryMillis = entry.expiryMillis();
    return expiryMillis == ExpiryTimes.NEVER
        || !ExpiryTimes.isExpired(expiryMillis, context.clock().millis());
  }

  private boolean take(K key, StoredEntry<V> seen) {
    return isLive(seen)
        && context.store().exchange(toKeep(key, seen), seen, null, ExpiryTimes.NEVER);
  }

  private boolean put(K key, @Nullable StoredEntry<V> seen, V value) {
    Store<K, V> store = context.store();
    if (!context.expiry().canExpire()) {
      boolean expires = seen != null && seen.expiryMillis() != ExpiryTimes.NEVER;
      return !expires // else it is of a node that has another policy
          && store.exchange(toKeep(key, seen), seen, value, ExpiryTimes.NEVER);
    }
    long now = context.clock().millis();
    if (seen != null && ExpiryTimes.isExpired(seen.expiryMillis(), now)) {
      return false;
    }
    long expiryMillis = expiry(seen, now);
    return !ExpiryTimes.isExpired(expiryMillis, now)
        && store.exchange(context.copier().copy(key), seen, value, expiryMillis);
  }

  private K toKeep(K key, @Nullable StoredEntry<V> seen) {
    return seen == null || keepsKeys ? context.copier().copy(key) : key;
  }

  private long expiry(@Nullable StoredEntry<V> seen, long now) {
    if (seen == null) {
      return context.expiry().onCreation(now);
    }
    long updated = context.expiry().onUpdate(now);
    return updated == ExpiryTimes.UNCHANGED ? seen.expiryMillis() : updated;
  }

  /** Counts, and gives the answer. */
  private StoredEntry<V> count(
      @Nullable StoredEntry<V> seen, long begun, boolean reads, boolean puts, boolean removes) {
    if (begun != StatisticsPort.NOT_COUNTED) {
      Tally tally = new Tally();
      if (reads) {
        tally.get(seen != null);
      }
      if (puts) {
        tally.put();
      }
      if (removes) {
        tally.removal();
      }
      context.statistics().record(tally, begun);
    }
    return seen == null ? nothing(ABSENT) : seen;
  }
}
