// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import org.jspecify.annotations.Nullable;

/**
 * What a store holds for a key. The value is the stored instance: callers copy before they hand it
 * out.
 */
public interface StoredEntry<V> {

  /** The value; null if its bytes cannot be decoded here, which counts as absent. */
  @Nullable V value();

  /** Absolute time in ms since 1970 UTC from which the entry is expired; Long.MAX_VALUE = never. */
  long expiryMillis();
}
