// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.integration;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * The user's writer. Whatever it throws, errors included, comes out as {@link
 * CacheWriterException}, never wrapped twice: what a bulk call had written by then must be stored
 * all the same.
 */
public final class Writing<K, V> implements Closeable {
  private final CacheWriter<? super K, ? super V> writer;

  public Writing(CacheWriter<? super K, ? super V> writer) {
    this.writer = writer;
  }

  public void write(K key, V value) {
    try {
      writer.write(new WrittenEntry<>(key, value));
    } catch (CacheWriterException e) {
      throw e;
    } catch (Throwable e) {
      throw new CacheWriterException("the cache writer failed to write an entry", e);
    }
  }

  public void delete(K key) {
    try {
      writer.delete(key);
    } catch (CacheWriterException e) {
      throw e;
    } catch (Throwable e) {
      throw new CacheWriterException("the cache writer failed to delete a key", e);
    }
  }

  /** Writes all entries in one call of the writer. */
  public Outcome<K> writeAll(List<Cache.Entry<K, V>> entries) {
    Collection<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>(entries);
    try {
      writeAll(writer, left);
      return new Outcome<>(Set.of(), null);
    } catch (CacheWriterException e) {
      return new Outcome<>(keys(left), e);
    } catch (Throwable e) {
      return new Outcome<>(
          keys(left), new CacheWriterException("the cache writer failed to write entries", e));
    }
  }

  /** Deletes all keys in one call of the writer. */
  public Outcome<K> deleteAll(Collection<K> keys) {
    List<K> left = new ArrayList<>(keys);
    try {
      writer.deleteAll(left);
      return new Outcome<>(Set.of(), null);
    } catch (CacheWriterException e) {
      return new Outcome<>(new HashSet<>(left), e);
    } catch (Throwable e) {
      return new Outcome<>(
          new HashSet<>(left),
          new CacheWriterException("the cache writer failed to delete keys", e));
    }
  }

  @Override
  public void close() throws IOException {
    if (writer instanceof Closeable closeable) {
      closeable.close();
    }
  }

  // The writer's own types are super types of the cache's: it may be handed the cache's entries.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void writeAll(CacheWriter writer, Collection entries) {
    writer.writeAll(entries);
  }

  private static <K> Set<K> keys(Collection<? extends Cache.Entry<? extends K, ?>> entries) {
    Set<K> keys = new HashSet<>();
    for (Cache.Entry<? extends K, ?> entry : entries) {
      keys.add(entry.getKey());
    }
    return keys;
  }

  /**
   * What a bulk call did.
   *
   * @param failed keys that the writer left in its collection when it failed: not written
   * @param failure null if all went well
   */
  public record Outcome<K>(Set<K> failed, @Nullable CacheWriterException failure) {

    public boolean done(K key) {
      return failure == null || !failed.contains(key);
    }
  }

  /** What a writer sees of an entry. */
  private record WrittenEntry<K, V>(K key, V value) implements Cache.Entry<K, V> {
    @Override
    public K getKey() {
      return key;
    }

    @Override
    public V getValue() {
      return value;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      if (type.isInstance(this)) {
        return type.cast(this);
      }
      throw new IllegalArgumentException("an entry handed to a writer is no " + type.getName());
    }
  }

  /** An entry to be handed to {@link #writeAll}. */
  public static <K, V> Cache.Entry<K, V> entry(K key, V value) {
    return new WrittenEntry<>(key, value);
  }
}
