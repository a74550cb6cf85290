// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.internal.expiry.Sweeper;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/** A manager whose time stands still until it is told to move. */
final class Caches implements AutoCloseable {
  final WarrenCacheManager manager;

  /** Without a thread: what has expired stays until a test says {@link #sweep}. */
  private final Sweeper sweeper = new Sweeper(task -> {});

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
            sweeper,
            closed -> {});
  }

  long nowMillis() {
    return nowMillis.get();
  }

  /** Takes out all that has expired and whose key is free. */
  void sweep() {
    for (Sweeper.Left left = sweeper.sweep(); left == Sweeper.Left.NOW; left = sweeper.sweep()) {}
  }

  void advance(long millis) {
    nowMillis.addAndGet(millis);
  }

  @Override
  public void close() {
    manager.close();
  }
}
