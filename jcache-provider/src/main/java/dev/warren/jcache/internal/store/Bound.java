// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import java.util.function.ToIntBiFunction;

/** How much a {@link HeapStore} may hold. */
public sealed interface Bound<K, V> {

  /**
   * A number of entries.
   *
   * @param max the number
   */
  record Entries<K, V>(long max) implements Bound<K, V> {}

  /**
   * A sum of the entries' weights.
   *
   * @param max the sum
   * @param weigher never throws, nor is its result negative
   */
  record Weight<K, V>(long max, ToIntBiFunction<K, V> weigher) implements Bound<K, V> {}
}
