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
  private final Terms terms;
  private final CacheOperations<K, V> operations;
  private final Copier copier;
  private final Iterator<K> keys;
  private @Nullable Found<K, V> ahead;
  private @Nullable K last;

  /** What the cache says to each step. */
  interface Terms {
    void ensureReadable();

    void ensureChangeable();

    /** An entry was removed, its key is free again. */
    void removed();
  }

  EntryIterator(Terms terms, CacheOperations<K, V> operations, Copier copier) {
    this.terms = terms;
    this.operations = operations;
    this.copier = copier;
    this.keys = operations.keys();
  }

  @Override
  public boolean hasNext() {
    terms.ensureReadable();
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
    terms.ensureReadable();
    K key = last;
    if (key == null) {
      throw new IllegalStateException(
          "remove() must follow a next(), once: it removes the entry which that returned");
    }
    terms.ensureChangeable();
    last = null;
    operations.remove(key);
    terms.removed();
  }

  private record Found<K, V>(K key, V value) {}
}
