// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.Positions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Own events that wait to be sealed, in the order in which they were offered, but that of two
 * writes of a key of which the later is enough the earlier is dropped (B4).
 *
 * <p>Guard: the outbox's lock.
 */
final class WaitingEvents {

  private final OutboxLimits limits;
  private final Admission admission;
  private final WriteTickets tickets;
  private final Map<Object, OutboxItem> items = new LinkedHashMap<>();

  private record Slot(String cache, Bytes key) {}

  WaitingEvents(OutboxLimits limits, Admission admission, WriteTickets tickets) {
    this.limits = limits;
    this.admission = admission;
    this.tickets = tickets;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  int size() {
    return items.size();
  }

  Stream<OutboxItem> stream() {
    return items.values().stream();
  }

  /**
   * Queues {@code next}, and gives the earlier write whose part it takes; null if there is none.
   */
  @Nullable OutboxItem queue(OutboxItem next) {
    Object place = placeOf(next.event());
    OutboxItem earlier = items.remove(place);
    items.put(place, next);
    tickets.queued(next);
    return earlier;
  }

  /** Equal for two writes of which the later may take the earlier's part, else unique. */
  private Object placeOf(Event event) {
    if (tickets.isAwaited(event)) {
      return new Object();
    }
    if (event instanceof Event.Put put && put.expected() == Event.ANY) {
      return new Slot(put.cache(), put.key());
    }
    if (event instanceof Event.Remove remove && remove.expected() == Event.ANY) {
      return new Slot(remove.cache(), remove.key());
    }
    if (event instanceof Event.Invalidate) {
      return event; // equal to any other of its key
    }
    return new Object();
  }

  /** Queues {@code next} before all others. */
  void queueFirst(OutboxItem next) {
    Map<Object, OutboxItem> behind = new LinkedHashMap<>(items);
    items.clear();
    queue(next);
    items.putAll(behind);
  }

  /** Whether {@code event}, this very one, is among them. */
  @SuppressWarnings("ReferenceEquality")
  boolean contains(Event event) {
    return stream().anyMatch(item -> item.event() == event);
  }

  /** Takes all of them. */
  List<OutboxItem> removeAll() {
    List<OutboxItem> all = new ArrayList<>(items.values());
    items.clear();
    return all;
  }

  /**
   * Takes out what {@code cache} has written, up to its next {@code Opened}.
   *
   * @param each gets it
   */
  void removeWritesOf(String cache, Consumer<OutboxItem> each) {
    for (Iterator<OutboxItem> it = items.values().iterator(); it.hasNext(); ) {
      OutboxItem item = it.next();
      if (item.event() instanceof Event.Opened next && next.cache().equals(cache)) {
        break;
      }
      if (Admission.isWriteOf(cache, item.event())) {
        it.remove();
        each.accept(item);
      }
    }
  }

  /**
   * Takes out what the next batch shall hold; empty if nothing may be sent now.
   *
   * @param maySeal whether an event may be sent at all now
   * @param refused gets what is not sent any more
   */
  List<OutboxItem> removeBatch(Predicate<Event> maySeal, Consumer<OutboxItem> refused) {
    List<OutboxItem> batch = new ArrayList<>();
    Admission.Pass pass = admission.pass();
    long bytes = 0;
    for (Iterator<OutboxItem> it = items.values().iterator(); it.hasNext(); ) {
      OutboxItem item = it.next();
      if (admission.isRefused(item.event())) {
        it.remove();
        refused.accept(item);
        continue;
      }
      if (!maySeal.test(item.event()) || pass.mustStay(item.event())) {
        pass.stays(item.event());
        continue;
      }
      boolean fits = batch.isEmpty() || bytes + item.bytes() <= limits.batchBytes();
      if (batch.size() == limits.batchEvents() || !fits) {
        break;
      }
      bytes += item.bytes();
      batch.add(item);
      it.remove();
      if (item.event() instanceof Event.Opened of) {
        admission.doubt(of.cache());
      } else if (item.roomTaken() && pass.isPassed()) {
        tickets.passed(item);
      }
    }
    return batch;
  }

  /** Heartbeats go out without figures (A8). */
  void forgetFigures() {
    Event.Heartbeat silent = new Event.Heartbeat(Positions.BEFORE_FIRST, 0, 0);
    items.replaceAll(
        (place, item) ->
            item.event() instanceof Event.Heartbeat
                ? OutboxItem.control(silent, item.owner())
                : item);
  }
}
