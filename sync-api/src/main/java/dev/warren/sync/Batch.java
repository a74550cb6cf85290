// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.List;

/**
 * What is appended to the log as one message: events of one origin with consecutive sequences.
 *
 * @param repeated true if an earlier append of the same events may stand in the log (A2)
 * @param firstSequence sequence of the first event, from 1
 * @param events 1 to {@link Positions#MAX_BATCH_EVENTS}
 */
public record Batch(
    EpochId epoch, Origin origin, long firstSequence, boolean repeated, List<Event> events) {

  public Batch {
    events = List.copyOf(events);
    if (events.isEmpty() || events.size() > Positions.MAX_BATCH_EVENTS) {
      throw new IllegalArgumentException(
          "a batch must hold 1 to "
              + Positions.MAX_BATCH_EVENTS
              + " events, but had "
              + events.size());
    }
    if (firstSequence < 1) {
      throw new IllegalArgumentException(
          "the first sequence must be at least 1, but was " + firstSequence);
    }
  }

  /** Sequence of the last event. */
  public long lastSequence() {
    return firstSequence + events.size() - 1;
  }
}
