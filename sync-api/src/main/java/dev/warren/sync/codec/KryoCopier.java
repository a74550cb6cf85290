// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.util.Pool;
import java.io.Serializable;
import java.util.Set;

/**
 * Copies keys and values in memory, for caches that store by value. Immutable objects are returned
 * as they are. Every class is allowed: nothing comes from outside. Thread-safe.
 */
public final class KryoCopier {

  private static final int POOLED = 64;

  private final Pool<Kryo> pool;
  private final Set<Class<?>> shared;

  /**
   * A copier.
   *
   * @param loader of the classes that are copied
   * @param immutableTypes more classes whose instances are shared instead of copied
   */
  public KryoCopier(ClassLoader loader, Class<?>... immutableTypes) {
    KryoSettings.apply();
    shared = Set.of(immutableTypes);
    pool =
        new Pool<>(true, true, POOLED) {
          @Override
          protected Kryo create() {
            return WarrenKryo.copier(loader, shared);
          }
        };
  }

  /**
   * Copies an object with everything it refers to.
   *
   * @throws CodecException if it, or something it refers to, cannot be copied
   */
  public <T> T copy(T object) {
    Class<?> type = object.getClass();
    if (type == String.class
        || type == Long.class
        || type == Integer.class // the most frequent first
        || Immutables.contains(type)
        || shared.contains(type)) {
      return object;
    }
    if (object instanceof byte[] bytes) {
      @SuppressWarnings("unchecked")
      T copy = (T) bytes.clone();
      return copy;
    }
    if (type == Object.class) {
      throw CodecException.unsuitable(
          type, "all there is to one is its identity, which a copy does not have");
    }
    Kryo kryo = pool.obtain();
    T copy;
    try {
      copy = kryo.copy(object);
    } catch (RuntimeException | StackOverflowError e) {
      return copyWhole(object, e);
    }
    pool.free(kryo);
    return copy;
  }

  /* Cycles that only Java serialization can tie again. */
  private static <T> T copyWhole(T object, Throwable cause) {
    if (CycleException.canBeTied(cause) && object instanceof Serializable) {
      try {
        ShellWriter.Shell shell = ShellWriter.write(object, o -> false, name -> {});
        @SuppressWarnings("unchecked")
        T copy = (T) ShellReader.read(shell, new Object[0]);
        return copy;
      } catch (RuntimeException | StackOverflowError e) {
        // the cycle is what the user can do something about
      }
    }
    throw CodecException.of(
        cause,
        CodecException.Reason.UNSUITABLE_TYPE,
        "Class " + object.getClass().getName() + " cannot be copied");
  }
}
