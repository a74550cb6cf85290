// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.api.CyclicWaitException;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a cache: no new call comes in, the ones under way end, and only then the user's objects
 * are closed, so that none of them is called after {@code close} has returned. A cache that is
 * closed from within its own processor, loader or listener cannot wait for that very call and goes
 * on without.
 */
record CacheClosing<K, V>(CacheParts<K, V> parts, BackgroundLoads loads) {
  private static final Logger LOG = LoggerFactory.getLogger(CacheClosing.class);
  private static final long TIMEOUT_MILLIS = 10_000;

  void close(WarrenJCache<K, V> cache) {
    Lifecycle lifecycle = parts.context().lifecycle();
    if (!lifecycle.beginClosing()) {
      return;
    }
    parts.beans().close();
    loads.close(TIMEOUT_MILLIS);
    awaitOperations(parts.context().locks());
    parts.events().close(TIMEOUT_MILLIS, CacheClosing::closeQuietly);
    parts.closeables().forEach(CacheClosing::closeQuietly);
    parts.onClosed().accept(cache);
    lifecycle.closed();
  }

  private void awaitOperations(KeyLocks<K> locks) {
    if (locks.isHeldHere()) {
      return;
    }
    try (KeyLocks.Hold hold = locks.tryExcludeAll(TIMEOUT_MILLIS)) {
      if (hold == null || !locks.endReads(TIMEOUT_MILLIS)) {
        LOG.warn(
            "WRN-0115 Cache \"{}\" closes although an operation has been running for {} ms",
            parts.name(),
            TIMEOUT_MILLIS);
      }
    } catch (CyclicWaitException e) {
      LOG.warn(
          "WRN-0115 Cache \"{}\" closes although an operation is running: {}",
          parts.name(),
          e.getMessage());
    }
  }

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("WRN-0116 An object of the cache's configuration failed to close", e);
    }
  }
}
