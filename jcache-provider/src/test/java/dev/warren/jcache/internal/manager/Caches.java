// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.WarrenCachingProvider;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/** A manager whose time stands still until it is told to move. */
final class Caches implements AutoCloseable {
  final WarrenCacheManager manager;
  private final AtomicLong nowMillis = new AtomicLong(1_000_000);

  Caches() {
    this("warren:test");
  }

  Caches(String uri) {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMillis.get());
    manager =
        new WarrenCacheManager(
            new WarrenCacheManager.Identity(
                new WarrenCachingProvider(),
                URI.create(uri),
                Caches.class.getClassLoader(),
                new Properties()),
            clock,
            closed -> {});
  }

  void advance(long millis) {
    nowMillis.addAndGet(millis);
  }

  @Override
  public void close() {
    manager.close();
  }
}
