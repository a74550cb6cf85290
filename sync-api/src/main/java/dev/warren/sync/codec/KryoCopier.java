// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.util.Pool;
import java.util.List;
import java.util.Set;

/**
 * Copies keys and values in memory, for caches that store by value. Immutable JDK types are
 * returned as they are. Every class is allowed: nothing comes from outside. Thread-safe.
 */
public final class KryoCopier {

  private static final int POOLED = 64;

  private final Pool<Kryo> pool;
  private final Set<Class<?>> immutable;

  /**
   * A copier.
   *
   * @param loader where classes with their own Java serialization are found
   * @param immutableTypes more types whose instances are shared instead of copied
   */
  public KryoCopier(ClassLoader loader, Class<?>... immutableTypes) {
    KryoSettings.apply();
    immutable = Set.of(immutableTypes);
    AllowedTypes everything = new AllowedTypes(List.of("**"));
    pool =
        new Pool<>(true, true, POOLED) {
          @Override
          protected Kryo create() {
            return new WarrenKryo(everything, loader, false);
          }
        };
  }

  /**
   * Copies an object with everything it refers to.
   *
   * @throws CodecException if its class cannot be copied
   */
  public <T> T copy(T object) {
    Class<?> type = object.getClass();
    if (JdkTypes.isImmutable(type) || immutable.contains(type)) {
      return object;
    }
    if (object instanceof byte[] bytes) {
      @SuppressWarnings("unchecked")
      T copy = (T) bytes.clone();
      return copy;
    }
    Kryo kryo = pool.obtain();
    T copy;
    try {
      copy = kryo.copy(object);
    } catch (RuntimeException | StackOverflowError e) {
      throw new CodecException(
          CodecException.Reason.UNSUITABLE_TYPE,
          "Class "
              + type.getName()
              + " cannot be copied: make it serializable, or storeByValue(false)",
          e);
    }
    pool.free(kryo);
    return copy;
  }
}
