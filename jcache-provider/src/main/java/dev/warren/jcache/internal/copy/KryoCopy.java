// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import dev.warren.sync.codec.CodecException;
import dev.warren.sync.codec.KryoCopier;
import javax.cache.CacheException;

/**
 * Copies by value: immutable objects are shared, others copied as graphs, without encoding them.
 */
public final class KryoCopy implements Copier {
  private final KryoCopier copier;

  /**
   * Copies with this loader.
   *
   * @param loader of the classes that are copied
   */
  public KryoCopy(ClassLoader loader) {
    this.copier = new KryoCopier(loader);
  }

  @Override
  public <T> T copy(T value) {
    try {
      return copier.copy(value);
    } catch (CodecException e) {
      throw new CacheException(
          "a cache that stores by value must be able to copy its keys and values, but "
              + value.getClass().getName()
              + " cannot be copied: "
              + e.getMessage()
              + "; change the class, or call setStoreByValue(false)",
          e);
    }
  }
}
