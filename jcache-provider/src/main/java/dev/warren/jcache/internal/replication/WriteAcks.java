// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.config.WriteAck;
import dev.warren.sync.member.WarrenMember;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.cache.CacheException;

/**
 * Waits for the writes to one cache, as its {@code write-ack} says.
 *
 * <p>An operation waits once, at its end, for all that this node has written to the cache by then:
 * so a bulk operation costs one wait, and an operation that decided on a write under way does not
 * return before that is where {@code write-ack} wants it. What other threads wrote a moment later
 * travels in the same batch or the next one.
 */
final class WriteAcks {

  private final WarrenMember member;
  private final String cache;
  private final boolean byAll;
  private final Duration timeout;
  private final Supplier<String> reason;
  private final LongSupplier lastTicket;

  /**
   * @param reason why the node is not in order; empty if it is
   */
  WriteAcks(
      WarrenMember member, String cache, WriteAck kind, Duration timeout, Supplier<String> reason) {
    this.member = member;
    this.cache = cache;
    this.byAll = kind == WriteAck.ALL;
    this.timeout = timeout;
    this.reason = reason;
    this.lastTicket = member.outbox().awaitWritesOf(cache);
  }

  /**
   * Waits until what was written to the cache so far is acknowledged.
   *
   * @throws CacheException if it is not within the write timeout, can no longer be known, or the
   *     wait is interrupted: the outcome is unknown
   */
  void await() {
    CompletableFuture<Void> done = member.acknowledged(lastTicket.getAsLong(), byAll);
    try {
      done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("the wait was interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unknown(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw unknown("it was not" + why(), e);
    } finally {
      done.cancel(false);
    }
  }

  private CacheException unknown(String what, Throwable cause) {
    return new CacheException(
        "a write to cache \"%s\" must be applied %s within %,d ms (warren.write-timeout), but %s: its outcome is unknown, it may have taken effect or still do; read the entry again when the node is in order"
            .formatted(cache, byAll ? "by every member" : "from the log", timeout.toMillis(), what),
        cause);
  }

  private String why() {
    String trouble = reason.get();
    String waitedFor = byAll ? String.join(", ", member.behind()) : "";
    return (trouble.isEmpty() ? "" : " (" + trouble + ")")
        + (waitedFor.isEmpty() ? "" : " (not by " + waitedFor + ")");
  }
}
