// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;

/**
 * An own event in the outbox.
 *
 * @param bytes of room that it takes
 * @param ticket rises from offer to offer, for those that took room; 0 for the others
 */
record OutboxItem(Event event, OwnEvent owner, int bytes, long ticket) {

  /** What needs no room: its number is bounded by time. */
  static OutboxItem control(Event.Control event, OwnEvent owner) {
    return new OutboxItem(event, owner, 0, 0);
  }

  boolean roomTaken() {
    return ticket > 0;
  }
}
