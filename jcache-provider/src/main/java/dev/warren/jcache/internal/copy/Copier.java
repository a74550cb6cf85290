// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

/** Makes the copies that keep a by-value cache apart from its callers' objects. Thread-safe. */
public interface Copier {

  /** Shares instances: for caches that store by reference. */
  Copier BY_REFERENCE =
      new Copier() {
        @Override
        public <T> T copy(T value) {
          return value;
        }
      };

  /**
   * An equal object that shares nothing mutable with {@code value}.
   *
   * @throws javax.cache.CacheException if the type cannot be copied
   */
  <T> T copy(T value);
}
