// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.Event;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The log state of one replicated cache by its keys, as this node's readers see it. Looks are for
 * any thread, changes for the applier. Entries are immutable in what the log says of them, and
 * replaced as a whole.
 */
final class LoggedEntries<K, V> {

  private final EntryBytes<K, V> bytes;
  private final @Nullable Evictions<K> evictions;

  /** Replaced as a whole when a snapshot is installed. */
  private volatile ConcurrentHashMap<K, Logged<V>> entries = new ConcurrentHashMap<>();

  private volatile boolean haveExpiry;

  /**
   * @param evictions told what comes, goes and is read; null for a cache without bound
   */
  LoggedEntries(EntryBytes<K, V> bytes, @Nullable Evictions<K> evictions) {
    this.bytes = bytes;
    this.evictions = evictions;
  }

  @Nullable Logged<V> get(K key) {
    return entries.get(key);
  }

  boolean contains(K key) {
    return entries.containsKey(key);
  }

  long size() {
    return entries.mappingCount();
  }

  /** Weakly consistent. */
  Set<K> keys() {
    return entries.keySet();
  }

  /** Whether any of the entries may expire, or one that was here could. */
  boolean haveExpiry() {
    return haveExpiry;
  }

  // ---- the applier's side

  /** Takes over a whole state; readers see the old one until the new one is complete. */
  void install(@Nullable CacheState state) {
    ConcurrentHashMap<K, Logged<V>> next =
        new ConcurrentHashMap<>(state == null ? 0 : state.entries().size());
    if (evictions != null) {
      evictions.reset();
    }
    if (state != null) {
      state
          .entries()
          .forEach(
              (keyBytes, entry) -> {
                try {
                  K key = bytes.decodeKey(keyBytes);
                  if (key != null) {
                    next.put(key, logged(entry));
                    note(key, true);
                  }
                } catch (RuntimeException | Error e) { // the key's own hashCode or equals
                  bytes.failed(e);
                }
              });
    }
    entries = next;
  }

  /** Drops what was written up to {@code position}. */
  void clear(long position) {
    entries.values().removeIf(entry -> entry.entry().writePosition() <= position);
    if (evictions != null) {
      evictions.reset();
      entries.keySet().forEach(key -> note(key, true));
    }
  }

  @Nullable Logged<V> remove(K key) {
    return entries.remove(key);
  }

  @Nullable Logged<V> put(K key, Logged<V> entry) {
    return entries.put(key, entry);
  }

  /** An entry as readers see it, which may be put next. */
  Logged<V> logged(LogEntry entry) {
    if (entry.expiryMillis() != Event.NEVER && !haveExpiry) {
      haveExpiry = true;
    }
    return new Logged<>(entry, bytes);
  }

  /** The bound must know that {@code key} was written, or has gone. */
  void note(K key, boolean there) {
    if (evictions == null) {
      return;
    }
    if (there) {
      evictions.written(key);
    } else {
      evictions.gone(key);
    }
  }
}
