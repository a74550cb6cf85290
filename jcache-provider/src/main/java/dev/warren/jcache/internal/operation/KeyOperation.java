// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** One JCache operation on one key. Runs under the key's lock; the turn gives all it may do. */
interface KeyOperation<K, V, R> {
  @Nullable R run(KeyTurn<K, V> turn);
}
