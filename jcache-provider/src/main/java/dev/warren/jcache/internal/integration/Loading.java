// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.integration;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * The user's loader, whose failures come out as {@link CacheLoaderException}, never wrapped twice.
 */
public final class Loading<K, V> implements Closeable {
  private final CacheLoader<K, V> loader;

  public Loading(CacheLoader<K, V> loader) {
    this.loader = loader;
  }

  /** The loaded value, which belongs to the loader; null if there is none. */
  public @Nullable V load(K key) {
    try {
      return loader.load(key);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheLoaderException("the cache loader failed to load a key", e);
    }
  }

  /** The loaded values of those of {@code keys} that have one. */
  public Map<K, V> loadAll(Collection<K> keys) {
    Map<K, V> loaded;
    try {
      loaded = loader.loadAll(keys);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheLoaderException("the cache loader failed to load " + keys.size() + " keys", e);
    }
    Map<K, V> found = new LinkedHashMap<>();
    if (loaded != null) {
      for (K key : keys) {
        V value = loaded.get(key);
        if (value != null) {
          found.put(key, value);
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    if (loader instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
