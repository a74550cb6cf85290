// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.operation.StatisticsPort.Kind;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store.Admission;
import dev.warren.jcache.internal.store.StoredEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.processor.EntryProcessor;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one cache. Arguments are checked, and values to be kept are private copies;
 * keys are the caller's, and copied before anybody keeps them. Results are stored instances, which
 * the caller copies before it hands them out.
 *
 * <p>A read of a live entry takes no lock, nor does a change that {@link OneStep} can make.
 * Everything else runs as a {@link KeyOperation} under its key's lock, or as a {@link
 * BulkOperation} under the locks of its keys; see {@code KeyLocks}.
 */
public final class CacheOperations<K, V> {
  private final CacheContext<K, V> context;
  private final OneStep<K, V> oneStep;

  public CacheOperations(CacheContext<K, V> context) {
    this.context = context;
    this.oneStep = new OneStep<>(context);
  }

  public @Nullable V get(K key) {
    long begun = context.statistics().begin(Kind.READ);
    StoredEntry<V> entry = context.store().get(key);
    V value = readLive(key, entry);
    if (value != null || (entry == null && context.readLoading() == null)) {
      Tally tally = new Tally();
      tally.get(value != null);
      finish(tally, begun);
      return value;
    }
    return execute(Kind.READ, key, new GetOrLoad<>());
  }

  /** The entries of those of {@code keys} that have one, as copies; {@code keys} are checked. */
  public Map<K, V> getAll(Set<? extends K> keys) {
    Loading<K, V> loading = context.readLoading();
    Map<K, V> found = new HashMap<>(2 * keys.size());
    Set<K> missing = loading == null ? Set.of() : new LinkedHashSet<>();
    long begun = context.statistics().begin(Kind.READ);
    Tally tally = new Tally();
    for (K key : keys) {
      context.check().key(key);
      StoredEntry<V> entry = context.store().get(key);
      V value = readLive(key, entry);
      if (value != null) {
        tally.hit();
        addCopies(found, key, value);
      } else if (loading != null) {
        missing.add(context.copier().copy(key));
      } else if (entry == null) {
        tally.miss();
      } else { // it has expired, as it seems
        V late = execute(Kind.READ, key, new GetOrLoad<>());
        if (late != null) {
          addCopies(found, key, late);
        }
      }
    }
    finish(tally, begun);
    if (loading != null && !missing.isEmpty()) {
      Map<K, V> loaded =
          executeAll(Kind.READ, missing, new LoadAll<>(loading, missing, false, true));
      if (loaded != null) {
        loaded.forEach((key, value) -> addCopies(found, key, value));
      }
    }
    return found;
  }

  private void addCopies(Map<K, V> copies, K key, V value) {
    copies.put(context.copier().copy(key), context.copier().copy(value));
  }

  public boolean containsKey(K key) {
    return peek(key) != null;
  }

  /** The live value, without any effect. */
  public @Nullable V peek(K key) {
    // First the time: an entry that took the place of an expired one in between must be seen.
    long now = context.clock().millis();
    StoredEntry<V> entry = context.store().get(key);
    return entry == null || ExpiryTimes.isExpired(entry.expiryMillis(), now) ? null : entry.value();
  }

  public void put(K key, V value) {
    if (oneStep.store(key, value, false) == null) {
      execute(Kind.PUT, key, new Put<>(value));
    }
  }

  public @Nullable V getAndPut(K key, V value) {
    StoredEntry<V> seen = oneStep.store(key, value, true);
    return seen == null ? execute(Kind.PUT, key, new GetAndPut<>(value)) : seen.value();
  }

  public void putAll(Map<K, V> entries) {
    Writing<K, V> writing = context.writing();
    if (entries.isEmpty()) {
      return;
    }
    if (writing == null) {
      each(entries.entrySet(), entry -> put(entry.getKey(), entry.getValue()));
    } else {
      executeAll(Kind.PUT, entries.keySet(), new PutAll<>(writing, entries));
    }
  }

  public boolean putIfAbsent(K key, V value) {
    StoredEntry<V> seen = oneStep.storeIfAbsent(key, value);
    return seen == null ? test(Kind.PUT, key, new PutIfAbsent<>(value)) : seen.value() == null;
  }

  public boolean remove(K key) {
    StoredEntry<V> seen = oneStep.remove(key, false);
    return seen == null ? test(Kind.REMOVE, key, new Remove<>()) : seen.value() != null;
  }

  public boolean remove(K key, V expected) {
    StoredEntry<V> seen = oneStep.removeIfEqual(key, expected);
    return seen == null
        ? test(Kind.REMOVE, key, new RemoveValue<>(expected))
        : seen.value() != null;
  }

  public @Nullable V getAndRemove(K key) {
    StoredEntry<V> seen = oneStep.remove(key, true);
    return seen == null ? execute(Kind.REMOVE, key, new GetAndRemove<>()) : seen.value();
  }

  public boolean replace(K key, V value) {
    StoredEntry<V> seen = oneStep.storeIfPresent(key, value);
    return seen == null ? test(Kind.PUT, key, new Replace<>(value)) : seen.value() != null;
  }

  public boolean replace(K key, V expected, V value) {
    StoredEntry<V> seen = oneStep.replaceIfEqual(key, expected, value);
    return seen == null
        ? test(Kind.PUT, key, new ReplaceValue<>(expected, value))
        : seen.value() != null;
  }

  public @Nullable V getAndReplace(K key, V value) {
    StoredEntry<V> seen = oneStep.storeIfPresent(key, value);
    return seen == null ? execute(Kind.PUT, key, new GetAndReplace<>(value)) : seen.value();
  }

  public void removeAll(Set<K> keys) {
    if (context.writing() == null) {
      each(keys, this::remove);
    } else if (!keys.isEmpty()) {
      executeAll(Kind.REMOVE, keys, new RemoveAll<>(context.writing(), keys, false));
    }
  }

  public void removeAll() {
    Set<K> keys = new LinkedHashSet<>();
    context.store().keys().forEachRemaining(keys::add);
    if (context.store().isPartial()) {
      executeAll(Kind.REMOVE, keys, new RemoveAll<>(context.writing(), keys, true));
    } else if (context.writing() == null) {
      each(keys, this::remove);
    } else if (!keys.isEmpty()) {
      executeAll(Kind.REMOVE, keys, new RemoveAll<>(context.writing(), keys, true));
    }
  }

  public void clear() {
    try (KeyLocks.Hold hold = context.locks().excludeAll();
        Admission admission = context.store().admit(1)) {
      context.lifecycle().ensureOpen();
      context.store().clear(admission);
    }
  }

  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> processor, List<@Nullable Object> arguments) {
    return execute(Kind.PROCESS, key, new Invoke<>(processor, arguments));
  }

  /** Loads {@code keys} on the calling thread; all of them, or only those without a live entry. */
  public void loadAll(Set<K> keys, boolean replace) {
    Loading<K, V> loading = context.loading();
    if (loading == null) {
      return;
    }
    Set<K> wanted = new LinkedHashSet<>(keys);
    if (!replace) {
      wanted.removeIf(this::containsKey);
    }
    if (!wanted.isEmpty()) {
      executeAll(Kind.READ, wanted, new LoadAll<>(loading, wanted, replace, false));
    }
  }

  /**
   * Tells expiry policy and statistics that an iteration handed out the live entry of {@code key}.
   */
  public void iterated(K key) {
    long begun = context.statistics().begin(Kind.READ);
    readLive(key, context.store().get(key));
    Tally tally = new Tally();
    tally.hit();
    finish(tally, begun);
  }

  /** Weakly consistent; keys of expired entries included. */
  public Iterator<K> keys() {
    return context.store().keys();
  }

  public long size() {
    return context.store().size();
  }

  /** The value of a live entry, told to the expiry policy; else null. */
  private @Nullable V readLive(K key, @Nullable StoredEntry<V> entry) {
    if (entry == null) {
      return null;
    }
    V value = entry.value();
    long expiryMillis = entry.expiryMillis();
    boolean asksOnAccess = context.expiry().asksOnAccess();
    if (value == null || (expiryMillis == ExpiryTimes.NEVER && !asksOnAccess)) {
      return value;
    }
    long now = context.clock().millis();
    if (ExpiryTimes.isExpired(expiryMillis, now)) {
      return null;
    }
    if (!asksOnAccess) {
      return value;
    }
    if (context.expiry().isForeign()) {
      touchByUserCode(key, entry, now);
    } else {
      touch(key, entry, now);
    }
    return value;
  }

  private void touch(K key, StoredEntry<V> entry, long nowMillis) {
    long expiryMillis = context.expiry().onAccess(nowMillis);
    if (expiryMillis != ExpiryTimes.UNCHANGED) {
      context.store().touch(key, entry, expiryMillis);
    }
  }

  /** Counted, so that the policy is asked no more when the cache has been closed. */
  private void touchByUserCode(K key, StoredEntry<V> entry, long nowMillis) {
    try (KeyLocks.Hold read = context.locks().tryRead()) {
      context.lifecycle().ensureOpen();
      touch(key, entry, nowMillis);
    }
  }

  /** Does all, whatever listeners throw; then throws the first such failure. */
  private static <T> void each(Collection<T> items, Consumer<T> operation) {
    CacheEntryListenerException failure = null;
    for (T item : items) {
      try {
        operation.accept(item);
      } catch (CacheEntryListenerException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private boolean test(Kind kind, K key, KeyOperation<K, V, Boolean> operation) {
    return Boolean.TRUE.equals(execute(kind, key, operation));
  }

  private <R> @Nullable R execute(Kind kind, K callers, KeyOperation<K, V, R> operation) {
    K key = context.copier().copy(callers);
    long begun = context.statistics().begin(kind);
    Tally tally = new Tally();
    try (KeyLocks.Hold hold = context.locks().lock(key);
        KeyTurn<K, V> turn = new KeyTurn<>(context, key, tally)) {
      context.lifecycle().ensureOpen();
      try {
        return operation.run(turn);
      } finally {
        finish(tally, begun);
      }
    }
  }

  /** {@code keys} are copies already. */
  private <R> @Nullable R executeAll(Kind kind, Set<K> keys, BulkOperation<K, V, R> operation) {
    long begun = context.statistics().begin(kind);
    Tally tally = new Tally();
    try (KeyLocks.Hold hold = context.locks().lockAll(keys);
        KeyTurns<K, V> turns = new KeyTurns<>(context, tally)) {
      context.lifecycle().ensureOpen();
      try {
        return operation.run(turns);
      } finally {
        finish(tally, begun);
      }
    }
  }

  private void finish(Tally tally, long begun) {
    if (begun != StatisticsPort.NOT_COUNTED) {
      context.statistics().record(tally, begun);
    }
  }
}
