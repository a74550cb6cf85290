// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.operation.CacheOperations;
import java.util.Iterator;
import java.util.NoSuchElementException;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/** Walks the live entries; looks one ahead, so that {@code hasNext} has no effect on entries. */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
  private final Runnable ensureOpen;
  private final CacheOperations<K, V> operations;
  private final Copier copier;
  private final Runnable onRemoved;
  private final Iterator<K> keys;
  private @Nullable Found<K, V> ahead;
  private @Nullable K last;

  EntryIterator(
      Runnable ensureOpen, CacheOperations<K, V> operations, Copier copier, Runnable onRemoved) {
    this.ensureOpen = ensureOpen;
    this.operations = operations;
    this.copier = copier;
    this.onRemoved = onRemoved;
    this.keys = operations.keys();
  }

  @Override
  public boolean hasNext() {
    ensureOpen.run();
    while (ahead == null && keys.hasNext()) {
      K key = keys.next();
      V value = operations.peek(key);
      if (value != null) {
        ahead = new Found<>(key, value);
      }
    }
    return ahead != null;
  }

  @Override
  public Cache.Entry<K, V> next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException("the iteration has no more entries");
    }
    Found<K, V> found = ahead;
    ahead = null;
    last = found.key();
    operations.iterated(found.key());
    return new IteratedEntry<>(copier.copy(found.key()), copier.copy(found.value()));
  }

  @Override
  public void remove() {
    ensureOpen.run();
    K key = last;
    if (key == null) {
      throw new IllegalStateException(
          "remove() must follow a next(), once: it removes the entry which that returned");
    }
    last = null;
    operations.remove(key);
    onRemoved.run();
  }

  private record Found<K, V>(K key, V value) {}
}
