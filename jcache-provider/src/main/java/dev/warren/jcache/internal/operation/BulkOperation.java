// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** One JCache operation on several keys at once. Runs under the locks of all of them. */
interface BulkOperation<K, V, R> {
  @Nullable R run(KeyTurns<K, V> turns);
}
