// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.integration;

import java.lang.invoke.MethodType;
import java.util.Objects;

/**
 * Refuses nulls and, in caches with declared types, objects that generics let through unchecked,
 * wherever they come from: callers, loaders, entry processors.
 */
public final class TypeCheck {
  private final String cacheName;
  private final Class<?> keyType;
  private final Class<?> valueType;

  /**
   * @param keyType as configured; a primitive stands for its wrapper
   * @param valueType as {@code keyType}
   */
  public TypeCheck(String cacheName, Class<?> keyType, Class<?> valueType) {
    this.cacheName = cacheName;
    this.keyType = MethodType.methodType(keyType).wrap().returnType();
    this.valueType = MethodType.methodType(valueType).wrap().returnType();
  }

  /**
   * Checks a key.
   *
   * @throws NullPointerException if {@code key} is null
   * @throws ClassCastException if it has another type than the cache's keys
   */
  public void key(Object key) {
    check("key", keyType, key);
  }

  /**
   * Checks a value.
   *
   * @throws NullPointerException if {@code value} is null
   * @throws ClassCastException if it has another type than the cache's values
   */
  public void value(Object value) {
    check("value", valueType, value);
  }

  private void check(String what, Class<?> type, Object object) {
    Objects.requireNonNull(object, what);
    if (!type.isInstance(object)) {
      throw new ClassCastException(
          "each "
              + what
              + " of cache \""
              + cacheName
              + "\" must be a "
              + type.getName()
              + ", but this one is a "
              + object.getClass().getName());
    }
  }
}
