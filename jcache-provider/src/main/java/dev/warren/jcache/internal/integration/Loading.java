// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.integration;

import dev.warren.jcache.internal.copy.Copier;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * The user's loader. It gets copies of the keys, and what it gives is checked and copied. Whatever
 * it throws, or gives that is of the wrong type, comes out as {@link CacheLoaderException}, never
 * wrapped twice.
 */
public final class Loading<K, V> implements Closeable {
  private final CacheLoader<K, V> loader;
  private final Copier copier;
  private final TypeCheck check;

  public Loading(CacheLoader<K, V> loader, Copier copier, TypeCheck check) {
    this.loader = loader;
    this.copier = copier;
    this.check = check;
  }

  /** A private copy of the loaded value; null if there is none. */
  public @Nullable V load(K key) {
    try {
      V loaded = loader.load(copier.copy(key));
      return loaded == null ? null : checkedCopy(loaded);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (Throwable e) {
      throw new CacheLoaderException("the cache loader failed to load a key", e);
    }
  }

  /**
   * Private copies of the loaded values of those of {@code keys} that have one; what was not asked
   * for is left out.
   */
  public Map<K, V> loadAll(Collection<K> keys) {
    try {
      Set<K> copies = new LinkedHashSet<>();
      keys.forEach(key -> copies.add(copier.copy(key)));
      Map<K, V> loaded = loader.loadAll(copies);
      Map<K, V> found = new LinkedHashMap<>();
      if (loaded != null) {
        for (K key : keys) {
          V value = loaded.get(key);
          if (value != null) {
            found.put(key, checkedCopy(value));
          }
        }
      }
      return found;
    } catch (CacheLoaderException e) {
      throw e;
    } catch (Throwable e) {
      throw new CacheLoaderException("the cache loader failed to load " + keys.size() + " keys", e);
    }
  }

  private V checkedCopy(V loaded) {
    check.value(loaded);
    return copier.copy(loaded);
  }

  @Override
  public void close() throws IOException {
    if (loader instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
