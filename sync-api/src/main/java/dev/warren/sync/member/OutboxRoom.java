// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.time.Duration;
import java.util.concurrent.locks.Condition;

/**
 * The room of an outbox: what it has been promised and what it holds. Guarded by the outbox's lock;
 * waiting lets go of it.
 */
final class OutboxRoom {

  private final OutboxLimits limits;

  /** Signalled whenever events leave or the outbox is closed. */
  private final Condition freed;

  private int events;
  private long bytes;
  private boolean closed;

  /**
   * @param freed of the outbox's lock
   */
  OutboxRoom(OutboxLimits limits, Condition freed) {
    this.limits = limits;
    this.freed = freed;
  }

  /** Promises room for {@code wanted} events, waiting for it if it must. */
  void reserve(int wanted, Duration patience) throws InterruptedException {
    long leftNanos = patience.toNanos();
    while (!closed && wanted <= limits.maxEvents() && isFull(wanted) && leftNanos > 0) {
      leftNanos = freed.awaitNanos(leftNanos);
    }
    if (closed) {
      throw new OutboxFullException("the member is closed: no further writes are taken");
    }
    if (wanted > limits.maxEvents()) {
      throw new OutboxFullException(
          "one operation must ask for at most %,d events, all that the outbox may hold, but asked for %,d: nothing was changed; write in smaller portions, or raise outbox.max-events"
              .formatted(limits.maxEvents(), wanted));
    }
    if (isFull(wanted)) {
      throw new OutboxFullException(
          "the outbox must stay within %,d events and %,d bytes, but %,d events (%,d bytes) wait for the broker: nothing was changed; write again when the broker is back, or raise outbox.max-events or outbox.max-bytes"
              .formatted(limits.maxEvents(), limits.maxBytes(), events, bytes));
    }
    events += wanted;
  }

  private boolean isFull(int wanted) {
    return events + wanted > limits.maxEvents() || bytes >= limits.maxBytes();
  }

  /** An event comes for which room was promised. */
  void fill(int size) {
    bytes += size;
  }

  /** Events go, or promises that nobody used. */
  void free(int gone, int size) {
    events -= gone;
    bytes -= size;
    freed.signalAll();
  }

  /** Waits until nothing is held or promised; false if something still is. */
  boolean awaitEmpty(Duration patience) throws InterruptedException {
    long leftNanos = patience.toNanos();
    while (events > 0 && leftNanos > 0) {
      leftNanos = freed.awaitNanos(leftNanos);
    }
    return events == 0;
  }

  /** Nothing is promised any more. */
  void close() {
    closed = true;
    freed.signalAll();
  }

  int events() {
    return events;
  }

  long bytes() {
    return bytes;
  }
}
