// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import javax.cache.Cache;

/** An entry as an iteration hands it out: copies, as they were then. */
record IteratedEntry<K, V>(K getKey, V getValue) implements Cache.Entry<K, V> {
  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("an entry of an iteration is no " + type.getName());
  }
}
