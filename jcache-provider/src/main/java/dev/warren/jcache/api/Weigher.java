// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

/**
 * Says how much of a cache's {@code max-weight} an entry takes up.
 *
 * <p>Called by each thread that stores an entry, under the lock of its key: it must be thread-safe,
 * quick, and must not call the cache. One that is {@code Closeable} is closed with the cache.
 */
@FunctionalInterface
public interface Weigher<K, V> {

  /**
   * The weight of an entry, 0 or more, in units of the user's choice. It is asked once for each
   * value that is stored. If this throws, or gives less than 0, the entry weighs 1.
   *
   * @param value a copy, unless the cache stores by reference
   */
  int weigh(K key, V value);
}
