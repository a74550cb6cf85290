// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import dev.warren.persistence.internal.EntryCollection;
import dev.warren.persistence.internal.EntryFailure;
import java.io.Closeable;
import java.util.Map;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * Loads the entries of a cache, of any JCache provider, from a collection of MongoDB. Thread-safe.
 * Connects on the first load; loaders and writers of one address share a client, which ends when
 * the last of them is closed.
 */
public final class MongoCacheLoader<K, V> implements CacheLoader<K, V>, Closeable {
  private final EntryCollection<K, V> entries;

  private MongoCacheLoader(MongoCacheOptions<K, V> options) {
    this.entries = options.open();
  }

  /**
   * Makes loaders of values in codec bytes, as a {@link MongoCacheWriter} of the same arguments
   * writes them.
   *
   * @throws IllegalArgumentException as {@link MongoCacheOptions#builder}
   */
  public static <K, V> Factory<MongoCacheLoader<K, V>> factory(
      String uri, String namespace, Class<K> keyType, Class<V> valueType) {
    return factory(MongoCacheOptions.builder(uri, namespace, keyType, valueType).build());
  }

  /** Makes loaders. */
  public static <K, V> Factory<MongoCacheLoader<K, V>> factory(MongoCacheOptions<K, V> options) {
    return new LoaderFactory<>(options);
  }

  private record LoaderFactory<K, V>(MongoCacheOptions<K, V> options)
      implements Factory<MongoCacheLoader<K, V>> {
    private static final long serialVersionUID = 1L;

    @Override
    public MongoCacheLoader<K, V> create() {
      return new MongoCacheLoader<>(options);
    }
  }

  /**
   * The value of {@code key}; null if there is none.
   *
   * @throws CacheLoaderException if MongoDB does not answer or the value cannot be decoded
   */
  @Override
  public @Nullable V load(K key) {
    try {
      return entries.get(key);
    } catch (EntryFailure e) {
      throw failure(e);
    }
  }

  /**
   * The values there are, in one query for up to 50,000 keys.
   *
   * @throws CacheLoaderException as {@link #load}
   */
  @Override
  public Map<K, V> loadAll(Iterable<? extends K> keys) {
    try {
      return entries.getAll(keys);
    } catch (EntryFailure e) {
      throw failure(e);
    }
  }

  private static CacheLoaderException failure(EntryFailure e) {
    return new CacheLoaderException(e.getMessage(), e.getCause());
  }

  /** Idempotent; loads fail afterwards. */
  @Override
  public void close() {
    entries.close();
  }

  @Override
  public String toString() {
    return "MongoCacheLoader[" + entries.describe() + "]";
  }
}
