// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import dev.warren.sync.codec.CodecException;
import dev.warren.sync.codec.KryoCopier;
import java.util.function.UnaryOperator;
import javax.cache.CacheException;

/** Copies object graphs in memory, without encoding them. */
public final class KryoCopy implements UnaryOperator<Object> {
  private final KryoCopier copier;

  /**
   * Copies with this loader.
   *
   * @param loader finds the classes that have Java serialization hooks of their own
   */
  public KryoCopy(ClassLoader loader) {
    this.copier = new KryoCopier(loader);
  }

  @Override
  public Object apply(Object value) {
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
