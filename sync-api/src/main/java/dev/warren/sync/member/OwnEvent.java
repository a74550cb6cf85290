// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.replica.Outcome;

/**
 * Told once what became of an own event: on the applier thread, or, if superseded, on any thread
 * that writes or asks something of the outbox. Holds no lock of the outbox's.
 */
@FunctionalInterface
public interface OwnEvent {

  /** For events whose end nobody awaits. */
  OwnEvent UNATTENDED = fate -> {};

  /** How an own event ended. */
  enum Fate {
    /** Applied from the log and effective. */
    EFFECTIVE,
    /** Applied from the log, its condition did not hold. */
    INEFFECTIVE,
    /**
     * A snapshot covers it, or it was covered by one: applied somewhere, the effect unknown (E4).
     */
    COVERED,
    /** Never sent: a later write of the same key took its place (B4). */
    SUPERSEDED,
    /** Will not be sent any more; the outcome is unknown if it may have been appended (D3). */
    GIVEN_UP;

    static Fate of(Outcome outcome) {
      return switch (outcome) {
        case EFFECTIVE -> EFFECTIVE;
        case INEFFECTIVE -> INEFFECTIVE;
        case COVERED -> COVERED;
      };
    }
  }

  void ended(Fate fate);
}
