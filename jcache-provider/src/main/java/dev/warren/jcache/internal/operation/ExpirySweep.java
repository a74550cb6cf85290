// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.StoredEntry;

/**
 * Takes a cache's expired entries out without anybody's operation.
 *
 * <p>It is one operation per entry like any other: under the key's lock, for exactly the entry that
 * the store named, so that of this and an operation that meets the entry just one removes it and
 * tells of it. But it never waits: a key that is busy, and one's user code may keep it so for long,
 * is left for the next time; and while listeners are far behind, entries stay where they are.
 */
public final class ExpirySweep<K, V> implements Sweeper.Swept {
  private final CacheContext<K, V> context;

  public ExpirySweep(CacheContext<K, V> context) {
    this.context = context;
  }

  @Override
  public Sweeper.Left sweep() {
    if (!context.lifecycle().isOpen()) {
      return Sweeper.Left.NOTHING;
    }
    if (context.events().isBehind()) {
      return Sweeper.Left.LATER;
    }
    long nowMillis = context.clock().millis();
    return context.store().due(nowMillis, (key, entry) -> expire(key, entry, nowMillis));
  }

  private void expire(K key, StoredEntry<V> entry, long nowMillis) {
    try (KeyLocks.Hold hold = context.locks().tryLock(key)) {
      V value = entry.value();
      if (hold != null
          && value != null
          && context.lifecycle().isOpen()
          && context.store().expire(key, entry, nowMillis)) {
        context.events().publish(EntryChange.expired(key, value));
      }
    }
  }
}
