// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Applied;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Own batches that have their sequences and are not applied yet, oldest first, with the owners of
 * their events.
 *
 * <p>Guard: the outbox's lock. Only the applier changes anything, so it may look without.
 */
final class SealedBatches {

  private record Sealed(Batch batch, List<OutboxItem> items) {

    /** How many of its events have a sequence up to {@code lastSequence}. */
    int covered(long lastSequence) {
      long covered = lastSequence - batch.firstSequence() + 1;
      return (int) Math.max(0, Math.min(covered, items.size()));
    }
  }

  private final Deque<Sealed> batches = new ArrayDeque<>();

  /** As many as there are; any thread may look. */
  private volatile int size;

  /** The last one that was given. */
  private long sequence;

  /** Any thread. */
  int size() {
    return size;
  }

  Stream<OutboxItem> items() {
    return batches.stream().flatMap(s -> s.items().stream());
  }

  /** First sequence of the oldest batch; 0 if there is none. */
  long first() {
    return batches.isEmpty() ? 0 : batches.getFirst().batch().firstSequence();
  }

  Batch seal(EpochId epoch, Origin origin, List<OutboxItem> items) {
    List<Event> events = items.stream().map(OutboxItem::event).toList();
    Batch batch = new Batch(epoch, origin, sequence + 1, false, events);
    sequence += events.size();
    batches.add(new Sealed(batch, items));
    size = batches.size();
    return batch;
  }

  /** All of them, flagged as repeated. */
  List<Batch> repeat() {
    return batches.stream().map(s -> repeated(s.batch())).toList();
  }

  private static Batch repeated(Batch b) {
    return new Batch(b.epoch(), b.origin(), b.firstSequence(), true, b.events());
  }

  /** Tells the owner of an event that was applied. */
  void applied(Applied applied) {
    for (Sealed s : batches) {
      if (applied.sequence() <= s.batch().lastSequence()) {
        long index = applied.sequence() - s.batch().firstSequence();
        if (index >= 0) {
          s.items().get((int) index).owner().ended(OwnEvent.Fate.of(applied.outcome()));
        }
        return;
      }
    }
  }

  /** Lets go of the batches whose last sequence is at most {@code lastSequence}. */
  void drop(long lastSequence, Consumer<OutboxItem> each) {
    while (!batches.isEmpty() && batches.getFirst().batch().lastSequence() <= lastSequence) {
      batches.removeFirst().items().forEach(each);
    }
    size = batches.size();
  }

  /** The events up to {@code lastSequence}. */
  List<OutboxItem> itemsUpTo(long lastSequence) {
    List<OutboxItem> items = new ArrayList<>();
    for (Sealed s : batches) {
      items.addAll(s.items().subList(0, s.covered(lastSequence)));
    }
    return items;
  }

  /**
   * Lets go of all, and numbers from 1 again.
   *
   * @param covered gets the events up to {@code lastSequence}
   * @return the others, in order
   */
  List<OutboxItem> restart(long lastSequence, Consumer<OutboxItem> covered) {
    List<OutboxItem> left = new ArrayList<>();
    for (Sealed s : batches) {
      int index = s.covered(lastSequence);
      s.items().subList(0, index).forEach(covered);
      left.addAll(s.items().subList(index, s.items().size()));
    }
    batches.clear();
    size = 0;
    sequence = 0;
    return left;
  }
}
