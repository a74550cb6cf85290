// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/**
 * The room of an outbox: what it has been promised and what it holds. Who finds room takes it
 * without the outbox's lock; whoever must wait for it holds that lock, and lets go of it meanwhile.
 *
 * <p>Why nobody waits for room that is there: who waits counts itself in {@link #waiters} first and
 * looks for room then; who frees room lets go of it first and looks at the count then. Both are
 * atomic, so one of the two sees the other. Who takes room looks whether the outbox was closed
 * behind that, and who closes looks at what is taken behind that, likewise.
 */
final class OutboxRoom {

  private final OutboxLimits limits;

  /** Signalled when room was freed, or the outbox is closed, if somebody waits. */
  private final Condition freed;

  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean closed;

  private final AtomicInteger waiters = new AtomicInteger();

  // What the holder of the lock has freed and not given back yet; guarded by it.
  private int goneEvents;
  private long goneBytes;

  /**
   * @param freed of the outbox's lock
   */
  OutboxRoom(OutboxLimits limits, Condition freed) {
    this.limits = limits;
    this.freed = freed;
  }

  /** Promises room for {@code wanted} events if it is there; any thread. */
  boolean tryReserve(int wanted) {
    int before = events.get();
    while (!closed && !isFull(before, wanted)) {
      int seen = events.compareAndExchange(before, before + wanted);
      if (seen == before) {
        if (closed) { // whoever waits for the end is told by giveBack
          unreserve(wanted);
          return false;
        }
        return true;
      }
      before = seen;
    }
    return false;
  }

  /** Begins to look for room, or for the end of all: from now on whoever frees room tells. */
  void beginWait() {
    waiters.incrementAndGet();
  }

  void endWait() {
    waiters.decrementAndGet();
  }

  /**
   * Waits until there may be room for {@code wanted} events, or waiting is in vain; the nanoseconds
   * left. Between begin and end, holder of the lock.
   */
  long await(int wanted, long nanos) throws InterruptedException {
    long left = nanos;
    while (!closed && isFull(events(), wanted) && left > 0) {
      left = freed.awaitNanos(left);
    }
    return left;
  }

  /** Waits until nothing is held or promised; false if something still is. Likewise. */
  boolean awaitEmpty(long nanos) throws InterruptedException {
    long left = nanos;
    while (events() > 0 && left > 0) {
      left = freed.awaitNanos(left);
    }
    return events() == 0;
  }

  /** Whether to wait for room for {@code wanted} events is in vain. */
  boolean refuses(int wanted) {
    return closed || wanted > limits.maxEvents();
  }

  OutboxFullException refusal(int wanted) {
    if (closed) {
      return new OutboxFullException("the member is closed: no further writes are taken");
    }
    if (wanted > limits.maxEvents()) {
      return new OutboxFullException(
          "one operation must ask for at most %,d events, all that the outbox may hold, but asked for %,d: nothing was changed; write in smaller portions, or raise outbox.max-events"
              .formatted(limits.maxEvents(), wanted));
    }
    return new OutboxFullException(
        "the outbox must stay within %,d events and %,d bytes, but %,d events (%,d bytes) wait for the broker: nothing was changed; write again when the broker is back, or raise outbox.max-events or outbox.max-bytes"
            .formatted(limits.maxEvents(), limits.maxBytes(), events(), bytes()));
  }

  private boolean isFull(int held, int wanted) {
    return held > limits.maxEvents() - wanted || bytes.get() >= limits.maxBytes();
  }

  /** An event comes for which room was promised; any thread. */
  void fill(int size) {
    bytes.addAndGet(size);
  }

  /** Whether somebody waits; any thread, behind what it has freed. */
  boolean isAwaited() {
    return waiters.get() > 0;
  }

  /** Takes back promises that nobody used; any thread, which then looks at {@link #isAwaited}. */
  void unreserve(int unused) {
    events.addAndGet(-unused);
  }

  /** An event goes, as {@link #giveBack} will say. */
  void free(OutboxItem gone) {
    goneEvents++;
    goneBytes += gone.bytes();
  }

  /** The room of what went is there again; holder of the lock. */
  void giveBack() {
    if (goneEvents > 0) {
      events.addAndGet(-goneEvents);
      bytes.addAndGet(-goneBytes);
      goneEvents = 0;
      goneBytes = 0;
      wake();
    } else if (closed) {
      wake();
    }
  }

  /** Has those who wait look again; holder of the lock. */
  void wake() {
    if (waiters.get() > 0) {
      freed.signalAll();
    }
  }

  /** Nothing is promised any more; holder of the lock. */
  void close() {
    closed = true;
    wake();
  }

  int events() {
    return events.get();
  }

  long bytes() {
    return bytes.get();
  }
}
