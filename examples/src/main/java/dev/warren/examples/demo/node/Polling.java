// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.cache.CacheException;

/** Waits for what other nodes bring about. */
final class Polling {

  private static final long PAUSE_MILLIS = 2;

  private Polling() {}

  /**
   * Returns when {@code condition} holds.
   *
   * @throws CacheException after {@code timeout}, with {@code what} as its message
   */
  static void until(BooleanSupplier condition, Duration timeout, Supplier<String> what)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new CacheException(what.get() + " after " + timeout.toMillis() + " ms");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
