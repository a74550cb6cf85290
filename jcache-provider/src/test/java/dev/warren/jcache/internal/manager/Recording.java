// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** A listener that writes down {@code CREATED k=1}, {@code UPDATED k=1>2} and the like. */
final class Recording<K, V>
    implements CacheEntryCreatedListener<K, V>,
        CacheEntryUpdatedListener<K, V>,
        CacheEntryRemovedListener<K, V>,
        CacheEntryExpiredListener<K, V> {
  final List<String> events = new CopyOnWriteArrayList<>();

  /** Registers a synchronous one. */
  static <K, V> Recording<K, V> of(Cache<K, V> cache) {
    Recording<K, V> recording = new Recording<>();
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> recording, null, true, true));
    return recording;
  }

  @Override
  public void onCreated(Iterable<CacheEntryEvent<? extends K, ? extends V>> changes) {
    changes.forEach(e -> events.add("CREATED " + e.getKey() + "=" + e.getValue()));
  }

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends K, ? extends V>> changes) {
    changes.forEach(
        e -> events.add("UPDATED " + e.getKey() + "=" + e.getOldValue() + ">" + e.getValue()));
  }

  @Override
  public void onRemoved(Iterable<CacheEntryEvent<? extends K, ? extends V>> changes) {
    changes.forEach(e -> events.add("REMOVED " + e.getKey() + "=" + e.getOldValue()));
  }

  @Override
  public void onExpired(Iterable<CacheEntryEvent<? extends K, ? extends V>> changes) {
    changes.forEach(e -> events.add("EXPIRED " + e.getKey() + "=" + e.getOldValue()));
  }
}
