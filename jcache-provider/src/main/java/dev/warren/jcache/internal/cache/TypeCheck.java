// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import java.util.Objects;

/**
 * Refuses nulls and, in caches with declared types, objects that generics let through unchecked.
 */
record TypeCheck(String cacheName, Class<?> keyType, Class<?> valueType) {

  void key(Object key) {
    check("key", keyType, key);
  }

  void value(Object value) {
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
