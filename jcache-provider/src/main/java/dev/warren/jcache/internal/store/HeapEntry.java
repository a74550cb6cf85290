// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.internal.expiry.ExpiryTimes;

/**
 * What a {@link HeapStore} holds for a key, compared by identity: remove means exactly the entry
 * that was seen. This one never expires, and so need not say when.
 */
class HeapEntry<V> implements StoredEntry<V> {
  private final V value;

  HeapEntry(V value) {
    this.value = value;
  }

  @Override
  public final V value() {
    return value;
  }

  @Override
  public long expiryMillis() {
    return ExpiryTimes.NEVER;
  }
}
