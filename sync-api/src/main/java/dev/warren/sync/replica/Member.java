// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

/**
 * A member of the view (rule F1).
 *
 * @param name for people
 * @param joinPosition position of the {@code Join} by which it entered
 * @param ready whether its {@code Ready} was applied since
 * @param lastHeartbeat position of its last heartbeat, or of its {@code Join}
 */
public record Member(String name, long joinPosition, boolean ready, long lastHeartbeat) {

  Member asReady() {
    return new Member(name, joinPosition, true, lastHeartbeat);
  }

  Member heardAt(long position) {
    return new Member(name, joinPosition, ready, position);
  }
}
