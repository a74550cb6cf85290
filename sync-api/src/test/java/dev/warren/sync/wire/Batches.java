// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import java.util.List;
import java.util.UUID;

/** Batches with every type of event. */
final class Batches {

  static final EpochId EPOCH = new EpochId(7, new UUID(1, 2));
  static final Origin ORIGIN = new Origin(new UUID(3, 4));
  static final Bytes KEY = Bytes.wrap(new byte[] {10, 11});
  static final byte[] VALUE = {20, 21, 22};

  private Batches() {}

  static List<Event> events() {
    return List.of(
        new Event.Epoch(EPOCH, Event.SourceKind.NOTHING, null),
        new Event.Epoch(EPOCH, Event.SourceKind.DATABASE, null),
        new Event.Epoch(EPOCH, Event.SourceKind.MEMBER, ORIGIN),
        new Event.Join("host ä"),
        new Event.Ready(),
        new Event.Leave(),
        new Event.Suspect(ORIGIN, 5),
        new Event.Heartbeat(6, 7, -8),
        new Event.Noop(),
        new Event.Opened("ä", "replicated"),
        new Event.Closed("ä"),
        new Event.Clear("a"),
        new Event.Put("a", KEY, VALUE, Event.NEVER, Event.ANY),
        new Event.Remove("b", KEY, Event.ABSENT),
        new Event.Invalidate("a", KEY),
        new Event.Fill("b", KEY, VALUE, 1, 2, 3),
        new Event.Touch("a", KEY, 4, 5),
        new Event.Expire("a", KEY, 6, 7),
        new Event.Evict("a", KEY, 8));
  }

  static Batch of(Event... events) {
    return new Batch(EPOCH, ORIGIN, 9, true, List.of(events));
  }
}
