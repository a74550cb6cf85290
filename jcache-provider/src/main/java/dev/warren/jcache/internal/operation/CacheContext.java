// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.integration.Loading;
import dev.warren.jcache.internal.integration.TypeCheck;
import dev.warren.jcache.internal.integration.Writing;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of one cache act on.
 *
 * @param loading the loader; null if none is configured
 * @param readThrough whether a missing key is loaded when it is read
 * @param writing the writer; null unless the cache writes through
 * @param copier copies what user code hands in or is handed while an operation runs
 * @param check refuses what user code hands in and has the wrong type
 */
public record CacheContext<K, V>(
    Lifecycle lifecycle,
    Store<K, V> store,
    KeyLocks<K> locks,
    ExpiryTimes expiry,
    InstantSource clock,
    Copier copier,
    TypeCheck check,
    @Nullable Loading<K, V> loading,
    boolean readThrough,
    @Nullable Writing<K, V> writing,
    EventPort<K, V> events,
    StatisticsPort statistics) {

  /** The loader that reads use; null if a missing key stays missing. */
  @Nullable Loading<K, V> readLoading() {
    return readThrough ? loading : null;
  }
}
