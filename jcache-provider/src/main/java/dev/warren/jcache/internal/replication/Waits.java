// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.cache.CacheException;

/**
 * Waits of callers for their node; what fails says why.
 *
 * @param reason why the node is not in order; empty if it is
 */
record Waits(Supplier<String> reason) {

  /** Waits for {@code timeout}; {@code rule} is what must be, for the message. */
  <T> T await(CompletableFuture<T> future, Duration timeout, String rule) {
    return await(future, timeout, timeout, rule);
  }

  /**
   * Waits for {@code left}, which is what is left of {@code timeout}.
   *
   * @param rule what must be, for the message
   */
  <T> T await(CompletableFuture<T> future, Duration left, Duration timeout, String rule) {
    try {
      return future.get(left.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(rule + ", but the wait was interrupted", e);
    } catch (ExecutionException e) {
      throw new CacheException(rule + ", but that failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      String why = reason.get();
      throw new CacheException(
          "%s within %,d ms, but did not%s"
              .formatted(rule, timeout.toMillis(), why.isEmpty() ? "" : ": " + why),
          e);
    }
  }
}
