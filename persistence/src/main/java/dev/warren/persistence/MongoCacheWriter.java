// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import dev.warren.persistence.internal.EntryCollection;
import dev.warren.persistence.internal.EntryFailure;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;

/**
 * Writes the entries of a cache, of any JCache provider, through to a collection of MongoDB.
 * Thread-safe. Connects on the first write; see {@link MongoCacheLoader} for the client.
 *
 * <p>Partial failure, as JSR-107 has it ({@link CacheWriter#writeAll}): what was written or deleted
 * for certain is taken out of the collection that was handed in, what was not stays, and a {@link
 * CacheWriterException} tells the first reason. Where the outcome is unknown, because the
 * connection was lost, the entry stays: writing it again is harmless.
 */
public final class MongoCacheWriter<K, V> implements CacheWriter<K, V>, Closeable {
  private final EntryCollection<K, V> entries;

  private MongoCacheWriter(MongoCacheOptions<K, V> options) {
    this.entries = options.open();
  }

  /**
   * Makes writers of values in codec bytes.
   *
   * @throws IllegalArgumentException as {@link MongoCacheOptions#builder}
   */
  public static <K, V> Factory<MongoCacheWriter<K, V>> factory(
      String uri, String namespace, Class<K> keyType, Class<V> valueType) {
    return factory(MongoCacheOptions.builder(uri, namespace, keyType, valueType).build());
  }

  /** Makes writers. */
  public static <K, V> Factory<MongoCacheWriter<K, V>> factory(MongoCacheOptions<K, V> options) {
    return new WriterFactory<>(options);
  }

  private record WriterFactory<K, V>(MongoCacheOptions<K, V> options)
      implements Factory<MongoCacheWriter<K, V>> {
    private static final long serialVersionUID = 1L;

    @Override
    public MongoCacheWriter<K, V> create() {
      return new MongoCacheWriter<>(options);
    }
  }

  /**
   * Writes one entry, new or not.
   *
   * @throws CacheWriterException if MongoDB does not answer or refuses it, or it cannot be encoded
   */
  @Override
  public void write(Cache.Entry<? extends K, ? extends V> entry) {
    require(entries.putAll(List.<K>of(entry.getKey()), List.<V>of(entry.getValue())));
  }

  /**
   * Writes in bulk.
   *
   * @throws CacheWriterException if not all were written; {@code all} then holds the others
   */
  @Override
  public void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> all) {
    List<K> keys = new ArrayList<>(all.size());
    List<V> values = new ArrayList<>(all.size());
    for (Cache.Entry<? extends K, ? extends V> entry : all) {
      keys.add(entry.getKey());
      values.add(entry.getValue());
    }
    finish(all, entries.putAll(keys, values));
  }

  /**
   * Deletes one entry, there or not.
   *
   * @throws CacheWriterException if MongoDB does not answer or refuses
   */
  @Override
  public void delete(Object key) {
    require(entries.removeAll(List.of(key)));
  }

  /**
   * Deletes in bulk.
   *
   * @throws CacheWriterException if not all were deleted; {@code keys} then holds the others
   */
  @Override
  public void deleteAll(Collection<?> keys) {
    finish(keys, entries.removeAll(new ArrayList<>(keys)));
  }

  private static void require(EntryCollection.Result result) {
    EntryFailure failure = result.failure();
    if (failure != null) {
      throw new CacheWriterException(failure.getMessage(), failure.getCause());
    }
  }

  /** Takes out what was done, by its place: entries need not implement equals. */
  private static void finish(Collection<?> all, EntryCollection.Result result) {
    BitSet done = result.done();
    if (!done.isEmpty()) {
      try {
        int[] index = {0};
        all.removeIf(element -> done.get(index[0]++));
      } catch (UnsupportedOperationException e) {
        if (result.failure() != null) {
          result.failure().addSuppressed(e);
        }
      }
    }
    require(result);
  }

  /** Idempotent; writes fail afterwards. */
  @Override
  public void close() {
    entries.close();
  }

  @Override
  public String toString() {
    return "MongoCacheWriter[" + entries.describe() + "]";
  }
}
