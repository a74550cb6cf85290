// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Own events on their way to the log: first waiting, then sealed into batches until they are
 * applied.
 *
 * <p>Why nothing is lost or repeated: a sequence is given when a batch is sealed, and a sealed
 * batch stays here until this member's own replica has applied it (A2). Whatever ends an append
 * badly (a return, a lost confirm, a cut connection, a hole seen in the log) has one answer: {@link
 * #repeat} hands out every sealed batch again from the oldest on, flagged as repeated. Replicas
 * skip what they have (A4).
 *
 * <p>Order of a key: operations offer under the key's lock, or in a step that excludes all other
 * writes of the key, and the queue keeps the order of offers; so a node's events of one key stand
 * in the log in the order in which the node did them (B3). Of two waiting unconditional writes of a
 * key the earlier is dropped and the later keeps its later place (B4): moving the later forward
 * could carry it over a {@code Clear} that stands between them. Of two waiting {@code Invalidate}s
 * of a key the later is enough, for it tells of what the earlier told too.
 *
 * <p>Room is reserved before a write is applied ({@link #reserve}), so that a full outbox fails the
 * write and changes nothing. Control events need no room: their number is bounded by time.
 *
 * <p>What a cache writes waits while its {@code Opened} is in doubt, from its sealing, or from
 * {@link #doubt}, to {@link #opened}: others pass it (F3). {@code Closed}, a further {@code Opened}
 * of the cache and every {@code Noop} stay behind what waits so. If the cache was refused, {@link
 * #refuse} drops all that, and what is offered afterwards is dropped when it would be sealed.
 *
 * <p>Writers take no lock: one that finds another thread inside would sleep for longer than its
 * write takes. They put what they offer into {@link #arrived}, a queue, and whoever takes the lock
 * takes that in first: so the order of offers is kept, and under the lock everything looks as if
 * each offer had done its work at once. Only the ends of earlier writes are told later, and maybe
 * by another thread.
 *
 * <p>Guard: {@code lock}, held for queue work only, never around I/O or foreign code. Lock order:
 * key before outbox. Room, offers, figures and the end are for any thread, the rest for the
 * applier.
 *
 * <p>An offer wakes the applier only if it could seal something. While as many batches are in
 * flight as may be, it could not; and whoever lets go of one of those pumps afterwards: the reader
 * behind each own batch, and the sender when it opens, as it does behind each installed memory and
 * each entered epoch. Else a writer that is ahead of the log would have the applier look, in vain,
 * at almost every put. Control events wake it always: one comes with each heartbeat, whatever else.
 */
public final class Outbox {

  private final OutboxLimits limits;
  private final Runnable wake;
  private final ReentrantLock lock = new ReentrantLock();
  private final OutboxRoom room;

  /** Offered, and not yet among what waits. */
  private final Queue<OutboxItem> arrived = new ConcurrentLinkedQueue<>();

  // All guarded by lock.
  private final Admission admission = new Admission();
  private final WriteTickets tickets = new WriteTickets();
  private final WaitingEvents waiting;
  private final SealedBatches sealed = new SealedBatches(); // the applier reads it without
  private List<Ending> endings = new ArrayList<>();

  /** An own event ended while the lock was held; its owner is told without it. */
  private record Ending(OwnEvent owner, OwnEvent.Fate fate) {}

  /**
   * @param wake called after an offer, from the offering thread and without the lock
   */
  public Outbox(OutboxLimits limits, Runnable wake) {
    this.limits = limits;
    this.wake = wake;
    this.room = new OutboxRoom(limits, lock.newCondition());
    this.waiting = new WaitingEvents(limits, admission, tickets);
  }

  /** Takes the lock, and what has arrived. */
  private void enter() {
    lock.lock();
    try {
      // No more has arrived so far than there is room for; what comes meanwhile may wait.
      OutboxItem next = arrived.peek();
      for (int left = limits.maxEvents(); left > 0 && next != null; left--) {
        next.take(tickets.next());
        queue(next);
        arrived.remove();
        next = arrived.peek();
      }
    } catch (RuntimeException | Error e) { // no memory, or no stack, is left
      lock.unlock();
      throw e;
    }
  }

  /** Gives the lock back, and tells the owners of what has ended. */
  private void leave() {
    room.giveBack();
    List<Ending> due = List.of();
    if (!endings.isEmpty()) {
      due = endings;
      endings = new ArrayList<>();
    }
    lock.unlock();
    RuntimeException failure = null;
    for (Ending ending : due) {
      try {
        ending.owner().ended(ending.fate());
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void take() {
    enter();
    leave();
  }

  private void end(OutboxItem item, OwnEvent.Fate fate) {
    free(item);
    endings.add(new Ending(item.owner(), fate));
  }

  /**
   * Takes room for {@code events} events before anything is changed, waiting for it if it must: so
   * writers go as fast as the log takes their events.
   *
   * @param patience how long to wait; zero or less to fail at once
   * @throws OutboxFullException if there is none: rule, actual value, remedy
   */
  public void reserve(int events, Duration patience) {
    if (room.tryReserve(events)) {
      return;
    }
    room.beginWait();
    try {
      long left = patience.toNanos();
      while (!tryReserveBehindAll(events)) {
        if (left <= 0 || room.refuses(events)) {
          throw room.refusal(events);
        }
        left = awaitRoom(events, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutboxFullException("the wait for room in the outbox was interrupted");
    } finally {
      room.endWait();
    }
  }

  /** Of two writes of a key that have arrived one gives its room back first. */
  private boolean tryReserveBehindAll(int events) {
    take();
    return room.tryReserve(events);
  }

  /** Waits until there may be room; the nanoseconds left. */
  private long awaitRoom(int events, long nanos) throws InterruptedException {
    lock.lock();
    try {
      return room.await(events, nanos);
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #reserve(int, Duration)}, without waiting. */
  public void reserve(int events) {
    reserve(events, Duration.ZERO);
  }

  /** Takes room for one event if it is there; runs no foreign code. */
  public boolean tryReserve() {
    return room.tryReserve(1);
  }

  /** Gives back room that no offer used. */
  public void release(int events) {
    room.unreserve(events);
    if (room.isAwaited()) {
      lock.lock();
      try {
        room.wake();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Queues an event for which room was reserved. */
  public void offer(Event event, OwnEvent owner) {
    push(event, owner);
    if (tickets.isAwaited(event)) {
      take(); // its ticket, before the key is free for others who ask for the last one
    }
    pushed();
  }

  /**
   * The first part of {@link #offer}, which gives the event its place. Runs no foreign code and
   * takes no lock, so it may stand where neither may be; {@link #pushed} must follow. Not for
   * caches for whose writes somebody waits.
   */
  public void push(Event event, OwnEvent owner) {
    OutboxItem item = OutboxItem.of(event, owner);
    room.fill(item.bytes());
    arrived.add(item);
  }

  /** The other part: tells who waits for what was pushed. */
  public void pushed() {
    if (room.isAwaited()) {
      take();
    }
    if (sealed.size() < limits.inFlight()) {
      wake.run();
    }
  }

  /** In the place of an earlier write whose part {@code next} takes, if there is one. */
  private void queue(OutboxItem next) {
    OutboxItem earlier = waiting.queue(next);
    if (earlier != null) {
      end(earlier, OwnEvent.Fate.SUPERSEDED);
    }
  }

  /**
   * From now on somebody waits for each write of {@code cache}: two of a key are both sent, since
   * the end of the earlier one would say nothing of the later, which took its part.
   *
   * @return tells the ticket of the last write of the cache: all that were offered before the call
   *     have this one or a lower one. Any thread
   */
  public LongSupplier awaitWritesOf(String cache) {
    return tickets.awaitWritesOf(cache);
  }

  /** Every write up to this ticket has ended; 0 if nobody waits for writes. */
  long settled() {
    if (!tickets.areAwaited()) {
      return 0;
    }
    enter();
    try {
      return tickets.settled(() -> Stream.concat(sealed.items(), waiting.stream()));
    } finally {
      leave();
    }
  }

  /** Queues a control event behind all that waits; needs no room. */
  public void offerControl(Event.Control event, OwnEvent owner) {
    enter();
    try {
      queue(OutboxItem.control(event, owner));
    } finally {
      leave();
    }
    wake.run();
  }

  /**
   * Queues an {@code Opened}; needs no room.
   *
   * @param first whether it goes before all that waits
   */
  void announce(Event.Opened event, OwnEvent owner, boolean first) {
    enter();
    try {
      OutboxItem opened = OutboxItem.control(event, owner);
      if (first) {
        waiting.queueFirst(opened);
      } else {
        queue(opened);
      }
    } finally {
      leave();
    }
    wake.run();
  }

  /** Whether {@code event}, this very one, is not sealed yet. */
  boolean isWaiting(Event.Control event) {
    enter();
    try {
      return waiting.contains(event);
    } finally {
      leave();
    }
  }

  /** What {@code cache} writes waits until {@link #opened} or {@link #refuse}. */
  void doubt(String cache) {
    enter();
    try {
      admission.doubt(cache);
    } finally {
      leave();
    }
  }

  /** The {@code Opened} of {@code cache} took effect: what it writes goes on. */
  void opened(String cache) {
    enter();
    try {
      admission.decided(cache);
    } finally {
      leave();
    }
    wake.run();
  }

  /**
   * The {@code Opened} of {@code cache} had no effect: what it wrote is given up, up to its next
   * {@code Opened}.
   *
   * @param forGood whether further writes are given up too, when they would be sealed, until {@link
   *     #readmit}
   */
  void refuse(String cache, boolean forGood) {
    enter();
    try {
      admission.decided(cache);
      if (forGood) {
        admission.refuse(cache);
      }
      waiting.removeWritesOf(cache, this::giveUp);
    } finally {
      leave();
    }
    wake.run();
  }

  private void giveUp(OutboxItem item) {
    end(item, OwnEvent.Fate.GIVEN_UP);
  }

  /** The refused cache is closed: another one of its name may come. */
  void readmit(String cache) {
    enter();
    try {
      waiting.removeWritesOf(cache, this::giveUp); // those that were not looked at for sealing
      admission.readmit(cache);
    } finally {
      leave();
    }
  }

  /**
   * Seals the next batch; empty if nothing waits or enough is in flight.
   *
   * @param controlOnly true while only control events may be appended (F2); {@code Noop}s wait too,
   *     since they tell that what was offered before them was applied
   */
  public Optional<Batch> seal(EpochId epoch, Origin origin, boolean controlOnly) {
    enter();
    try {
      if (waiting.isEmpty() || sealed.size() >= limits.inFlight()) {
        return Optional.empty();
      }
      List<OutboxItem> items =
          waiting.removeBatch(event -> !controlOnly || overtakes(event), this::giveUp);
      return items.isEmpty() ? Optional.empty() : Optional.of(sealed.seal(epoch, origin, items));
    } finally {
      leave();
    }
  }

  private static boolean overtakes(Event event) {
    return event instanceof Event.Control && !(event instanceof Event.Noop);
  }

  /** Seals a {@code Join} alone, before all that waits: the first batch of an origin (A3). */
  public Batch sealJoin(EpochId epoch, Origin origin, Event.Join join) {
    enter();
    try {
      return sealed.seal(epoch, origin, List.of(OutboxItem.control(join, OwnEvent.UNATTENDED)));
    } finally {
      leave();
    }
  }

  /** All sealed batches, oldest first, flagged as repeated (A2). */
  public List<Batch> repeat() {
    enter();
    try {
      return sealed.repeat();
    } finally {
      leave();
    }
  }

  /** An own event was applied from the log. Takes no lock: one event after the other comes here. */
  public void applied(Applied applied) {
    sealed.applied(applied);
  }

  /** Lets go of the sealed batches whose last sequence is at most {@code lastSequence}. */
  public void dropApplied(long lastSequence) {
    enter();
    try {
      sealed.drop(lastSequence, this::free);
    } finally {
      leave();
    }
  }

  /**
   * Another memory was installed: heartbeats that still wait carry figures of the one before, maybe
   * of another epoch. They go out without (A8).
   */
  void forgetFigures() {
    enter();
    try {
      waiting.forgetFigures();
    } finally {
      leave();
    }
  }

  /** A snapshot was installed that covers own sequences up to {@code lastSequence} (E4). */
  public void covered(long lastSequence) {
    enter();
    try {
      sealed
          .itemsUpTo(lastSequence)
          .forEach(item -> endings.add(new Ending(item.owner(), OwnEvent.Fate.COVERED)));
      sealed.drop(lastSequence, this::free);
    } finally {
      leave();
    }
  }

  private void free(OutboxItem item) {
    if (item.roomTaken()) {
      room.free(item);
    }
  }

  /**
   * Starts over in a new epoch (F2): what the source covers ends, conditional events and those of
   * the view are given up, the rest waits again, in order, and is numbered from 1.
   */
  public void enterEpoch(long coveredSequence) {
    covered(coveredSequence);
    enter();
    try {
      List<OutboxItem> all = sealed.restart(coveredSequence, this::free);
      all.addAll(waiting.removeAll());
      admission.noneDecided();
      for (OutboxItem item : all) {
        if (item.event() instanceof Event.Noop || survivesEpoch(item.event())) {
          queue(item);
        } else {
          giveUp(item);
        }
      }
    } finally {
      leave();
    }
  }

  private static boolean survivesEpoch(Event event) {
    return (event instanceof Event.Put put && put.expected() == Event.ANY)
        || (event instanceof Event.Remove remove && remove.expected() == Event.ANY)
        || event instanceof Event.Clear
        || event instanceof Event.Invalidate
        || event instanceof Event.Opened
        || event instanceof Event.Closed;
  }

  /** First sequence of the oldest batch that is sealed and not applied; 0 if there is none. */
  long firstSealed() {
    enter();
    try {
      return sealed.first();
    } finally {
      leave();
    }
  }

  /** Events that are neither applied nor given up. */
  public int depth() {
    enter();
    try {
      return waiting.size() + (int) sealed.items().count();
    } finally {
      leave();
    }
  }

  /** Bytes of room that own events take. */
  public long bytes() {
    return room.bytes();
  }

  /** Own writes that are neither applied nor given up. */
  public int unwritten() {
    return room.events();
  }

  /** Waits until there is no such write; false if there still is one after {@code patience}. */
  boolean awaitWritten(Duration patience) {
    room.beginWait();
    take();
    lock.lock();
    try {
      return room.awaitEmpty(patience.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      room.endWait();
      lock.unlock();
    }
  }

  /** Refuses further reservations. */
  public void close() {
    enter();
    try {
      room.close();
    } finally {
      leave();
    }
  }
}
