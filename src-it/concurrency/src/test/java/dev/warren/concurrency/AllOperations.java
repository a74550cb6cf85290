// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import javax.cache.Cache;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * The operations on one key, and those on all keys, of which there is one: entries of several keys
 * do not go at one moment for those who read without a lock.
 */
public abstract class AllOperations extends KeyOperations {
  AllOperations(Cache<Integer, Integer> cache) {
    super(cache, 1);
  }

  @Operation
  public void clear() {
    cache.clear();
  }

  @Operation
  public void removeAll() {
    cache.removeAll();
  }
}
