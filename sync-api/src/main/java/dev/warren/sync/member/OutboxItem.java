// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;

/** An own event in the outbox. */
final class OutboxItem {

  private static final int EVENT_OVERHEAD = 32;

  private final Event event;
  private final OwnEvent owner;
  private final int bytes;

  /** Guarded by the outbox's lock. */
  private long ticket;

  private OutboxItem(Event event, OwnEvent owner, int bytes) {
    this.event = event;
    this.owner = owner;
    this.bytes = bytes;
  }

  /** What needs no room: its number is bounded by time. */
  static OutboxItem control(Event.Control event, OwnEvent owner) {
    return new OutboxItem(event, owner, 0);
  }

  /** What takes room; it has no ticket yet. */
  static OutboxItem of(Event event, OwnEvent owner) {
    return new OutboxItem(event, owner, sizeOf(event));
  }

  /** Bytes of room that an event takes. */
  static int sizeOf(Event event) {
    int payload = 0;
    if (event instanceof Event.KeyEvent keyEvent) {
      Bytes key = keyEvent.key();
      payload = key.length();
      if (event instanceof Event.Put put) {
        payload += put.value().length;
      } else if (event instanceof Event.Fill fill) {
        payload += fill.value().length;
      }
    }
    return EVENT_OVERHEAD + payload;
  }

  Event event() {
    return event;
  }

  OwnEvent owner() {
    return owner;
  }

  /** Of room that it takes; 0 for a control event. */
  int bytes() {
    return bytes;
  }

  /** The ticket rises from offer to offer. */
  void take(long next) {
    ticket = next;
  }

  /** 0 for a control event. */
  long ticket() {
    return ticket;
  }

  boolean roomTaken() {
    return bytes > 0;
  }
}
