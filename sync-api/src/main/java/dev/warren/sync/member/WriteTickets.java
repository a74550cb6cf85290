// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Tells those who wait for writes of theirs up to which one all have ended.
 *
 * <p>What takes room is sealed, applied and numbered anew in the order of the tickets, so the first
 * that is left tells; but for a short while after some passed others, whose cache's {@code Opened}
 * was in doubt.
 *
 * <p>Guard: the outbox's lock, where nothing else is said.
 */
final class WriteTickets {

  private long last;

  /** The highest ticket that was sealed before a lower one; 0 if the order is that of tickets. */
  private long passedUpTo;

  /** Caches whose writes are waited for, with the ticket of the last one. */
  private final Map<String, AtomicLong> awaited = new ConcurrentHashMap<>();

  long next() {
    return ++last;
  }

  /** Whether anybody waits for writes; any thread. */
  boolean areAwaited() {
    return !awaited.isEmpty();
  }

  /** See {@link Outbox#awaitWritesOf}; any thread. */
  LongSupplier awaitWritesOf(String cache) {
    return awaited.computeIfAbsent(cache, name -> new AtomicLong())::get;
  }

  boolean isAwaited(Event event) {
    return !awaited.isEmpty()
        && (event instanceof Event.Put
            || event instanceof Event.Remove
            || event instanceof Event.Invalidate
            || event instanceof Event.Clear)
        && awaited.containsKey(((Event.CacheEvent) event).cache());
  }

  /** The item waits to be sealed. */
  void queued(OutboxItem item) {
    if (isAwaited(item.event())) {
      awaited.computeIfPresent(
          ((Event.CacheEvent) item.event()).cache(),
          (name, latest) -> {
            latest.accumulateAndGet(item.ticket(), Math::max);
            return latest;
          });
    }
  }

  /** The item was sealed before others that have waited for longer. */
  void passed(OutboxItem item) {
    passedUpTo = Math.max(passedUpTo, item.ticket());
  }

  /**
   * Every write up to this ticket has ended.
   *
   * @param inOrder all that has not ended, sealed before waiting
   */
  long settled(Supplier<Stream<OutboxItem>> inOrder) {
    LongStream left = inOrder.get().filter(OutboxItem::roomTaken).mapToLong(OutboxItem::ticket);
    if (passedUpTo == 0) {
      return left.findFirst().orElse(last + 1) - 1;
    }
    long least = left.min().orElse(last + 1);
    passedUpTo = least > passedUpTo ? 0 : passedUpTo;
    return least - 1;
  }
}
