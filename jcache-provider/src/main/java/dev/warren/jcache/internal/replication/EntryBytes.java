// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.Bytes;
import dev.warren.sync.codec.CodecException;
import dev.warren.sync.codec.ValueCodec;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys and values of one cache as the log carries them: refuses what is too large, and counts
 * what cannot be decoded here and reports the first of it. Thread-safe.
 */
final class EntryBytes<K, V> implements Logged.Decoding {

  private static final Logger LOG = LoggerFactory.getLogger(EntryBytes.class);

  /**
   * Bytes of key and value together: with the rest of its batch an entry stays below the 16 MiB of
   * a record, with the rest of its document below the 16 MiB less 4 KiB of MongoDB.
   */
  static final int MAX_ENTRY_BYTES = (15 << 20) + (512 << 10);

  private final String cache;
  private final ValueCodec codec;
  private final int maxValueBytes;
  private final AtomicLong undecodable = new AtomicLong();

  EntryBytes(String cache, ValueCodec codec, int maxValueBytes) {
    this.cache = cache;
    this.codec = codec;
    this.maxValueBytes = maxValueBytes;
  }

  /** Every event carries its key: one too large for a record would stop all that wait behind it. */
  Bytes key(K key) {
    byte[] bytes;
    try {
      bytes = codec.encodeKey(key);
    } catch (CodecException e) {
      throw new CacheException("a key of cache \"" + cache + "\": " + e.getMessage(), e);
    }
    if (bytes.length > MAX_ENTRY_BYTES) {
      throw new CacheException(
          "a key of cache \"%s\" must have at most %,d bytes encoded, but had %,d: use shorter keys"
              .formatted(cache, MAX_ENTRY_BYTES, bytes.length));
    }
    return Bytes.wrap(bytes);
  }

  /**
   * @param key of the same entry
   */
  byte[] value(Bytes key, V value) {
    byte[] bytes;
    try {
      bytes = codec.encode(value);
    } catch (CodecException e) {
      throw new CacheException("a value of cache \"" + cache + "\": " + e.getMessage(), e);
    }
    if (bytes.length > maxValueBytes) {
      throw new CacheException(
          "a value of cache \"%s\" must have at most %,d bytes encoded, but had %,d: store less, or raise warren.max-value-size"
              .formatted(cache, maxValueBytes, bytes.length));
    }
    if (bytes.length > MAX_ENTRY_BYTES - key.length()) {
      throw new CacheException(
          "key and value of an entry of cache \"%s\" must together have at most %,d bytes encoded, but had %,d, of which the key %,d: use shorter keys, or store less"
              .formatted(cache, MAX_ENTRY_BYTES, (long) key.length() + bytes.length, key.length()));
    }
    return bytes;
  }

  /** Null if it cannot be decoded here. */
  @SuppressWarnings("unchecked") // the members agree on the types of a cache
  @Nullable K decodeKey(Bytes bytes) {
    try {
      return (K) codec.decode(bytes.array());
    } catch (CodecException e) {
      failed(e);
      return null;
    }
  }

  @Override
  public Object decode(byte[] bytes) {
    return codec.decode(bytes);
  }

  @Override
  public void failed(Throwable cause) {
    if (undecodable.incrementAndGet() == 1) {
      LOG.warn(
          "WRN-0501 a key or value of cache {} cannot be decoded here and counts as absent on this"
              + " node; further ones are counted, not reported: {}",
          cache,
          cause instanceof CodecException ? cause.getMessage() : whereFrom(cause));
    }
  }

  /** The message of a failure of the key's own class may hold what the key holds. */
  private static String whereFrom(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /** Values and keys that could not be decoded, and keys whose own methods failed. */
  long undecodable() {
    return undecodable.get();
  }
}
