// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Replica;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Those who wait until own writes are applied: here, or by every member of the view (rule F1),
 * {@link PositionReports} is the other side.
 *
 * <p><b>Here.</b> Each write that is offered gets a ticket, rising. The outbox keeps writes in the
 * order of their tickets until they are applied, but for those of a cache whose mode is in doubt
 * (F3), which others pass; so all up to {@link Outbox#settled} are. One look at it after each batch
 * ends the waits of all threads; nothing is appended for them.
 *
 * <p><b>By all.</b> Once a write is applied here, it stands at or below the applied position P. The
 * wait ends when each other member of the view has said that it applied P or more of the same
 * epoch. Who leaves or is suspected is in the view no longer and not waited for: the log says so.
 *
 * <pre>
 * who waits                                 other members
 *   | Follow(token)         (to all)          |   at the first wait, then once per heartbeat while
 *   |----------------------------------------&gt;|   somebody waits
 *   |&lt;------------- Report(token, epoch, P') |   at once, and for three heartbeats after each batch,
 *   |&lt;------------- Report(token, epoch, P") |   those that wait for the applier in one
 * </pre>
 *
 * <p><b>A member that is getting its memory</b> applies nothing for a while and would hold up every
 * writer. It is ready only when an own event was applied that it appends after its memory was
 * installed (E6). So if it answers a {@code Follow} that was sent when P was applied here with "no
 * memory yet", that event will stand behind P: it will have P before it calls itself ready. Such an
 * answer counts as P. Messages say nothing of the order of the log, hence the token.
 *
 * <p>{@link #await} is for any thread, the rest for the applier's.
 */
final class Acknowledgements {

  private final MemberCore core;

  /** Handed in and not looked at yet. */
  private final Queue<Waiter> arrivals = new ConcurrentLinkedQueue<>();

  /** Every write up to this ticket is applied; read before and after a wait is handed in. */
  private volatile long settled;

  /** Every write up to this ticket was applied by all when somebody waited for it. */
  private volatile long settledByAll;

  private volatile List<String> behind = List.of();
  private volatile boolean closed;

  private final List<Waiter> here = new ArrayList<>();
  private final List<Shared> shared = new ArrayList<>();

  private final Map<Origin, Reached> reached = new HashMap<>();
  private long token;
  private long askedMillis;
  private long askedPosition;
  private int askedViewVersion;
  private EpochId askedEpoch = EpochId.NONE;

  private record Waiter(long ticket, boolean byAll, CompletableFuture<Void> done) {}

  /** A wait for all, from when the write was applied here. */
  private record Shared(EpochId epoch, long position, Waiter waiter) {
    CompletableFuture<Void> done() {
      return waiter.done();
    }
  }

  /** Up to where a member need not be waited for, as it said in answer to {@code token}. */
  private record Reached(EpochId epoch, long position, long token, boolean noMemory) {}

  Acknowledgements(MemberCore core) {
    this.core = core;
  }

  /**
   * Completes when the writes up to {@code ticket} are applied here, or by all; fails if that can
   * no longer be known. Whoever stops waiting cancels it.
   */
  CompletableFuture<Void> await(long ticket, boolean byAll) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (ticket <= (byAll ? settledByAll : settled)) {
      done.complete(null);
      return done;
    }
    arrivals.add(new Waiter(ticket, byAll, done));
    if (closed) {
      done.completeExceptionally(closedMeanwhile());
    } else if (ticket <= settled) { // the look that found so may have been before the arrival
      core.applier.execute(this::advanced);
    }
    return done;
  }

  /** Names of members that were waited for when somebody last looked. */
  List<String> behind() {
    return behind;
  }

  /** The replica moved, or the outbox let go of writes that it covers. */
  void advanced() {
    Replica held = core.memory.replica();
    if (held == null) {
      return;
    }
    settled = core.outbox.settled();
    if (!arrivals.isEmpty() || !here.isEmpty()) {
      settle(held);
    }
    if (!shared.isEmpty()) {
      check(held);
    }
  }

  private void settle(Replica held) {
    for (Waiter next = arrivals.poll(); next != null; next = arrivals.poll()) {
      here.add(next);
    }
    for (Iterator<Waiter> it = here.iterator(); it.hasNext(); ) {
      Waiter waiter = it.next();
      if (waiter.done().isDone()) {
        it.remove();
      } else if (waiter.ticket() <= settled) {
        it.remove();
        if (waiter.byAll()) {
          shared.add(new Shared(held.epoch(), held.position(), waiter));
        } else {
          waiter.done().complete(null);
        }
      }
    }
  }

  private void check(Replica held) {
    long floor = Long.MAX_VALUE;
    boolean ask = askedViewVersion != held.viewVersion() || !askedEpoch.equals(held.epoch());
    List<String> slow = new ArrayList<>();
    long latest = shared.get(shared.size() - 1).position();
    for (Map.Entry<Origin, Member> e : held.view().entrySet()) {
      if (e.getKey().equals(core.self)) {
        continue;
      }
      Reached last = reached.get(e.getKey());
      long position = last == null || !last.epoch().equals(held.epoch()) ? -1 : last.position();
      floor = Math.min(floor, position);
      if (position < latest) {
        slow.add(e.getValue().name() + " (" + e.getKey() + ")");
        ask |= last != null && last.noMemory() && last.token() == token;
      }
    }
    end(held.epoch(), floor);
    behind = shared.isEmpty() ? List.of() : slow;
    long now = core.applier.nowMillis();
    if (!shared.isEmpty() && (ask || now - askedMillis >= core.settings.heartbeat().toMillis())) {
      follow(held, now);
    }
  }

  private void end(EpochId epoch, long floor) {
    for (Iterator<Shared> it = shared.iterator(); it.hasNext(); ) {
      Shared waiter = it.next();
      if (waiter.done().isDone()) {
        it.remove();
      } else if (!waiter.epoch().equals(epoch)) {
        it.remove();
        waiter
            .done()
            .completeExceptionally(
                new IllegalStateException("the log was replaced by another meanwhile"));
      } else if (waiter.position() <= floor) {
        it.remove();
        settledByAll = Math.max(settledByAll, waiter.waiter().ticket());
        waiter.done().complete(null);
      }
    }
  }

  private void follow(Replica held, long now) {
    token++;
    askedMillis = now;
    askedPosition = held.position();
    askedEpoch = held.epoch();
    askedViewVersion = held.viewVersion();
    core.transport.peers().broadcast(new PeerMessage.Follow(token).encode());
  }

  /** A member says what it has applied. */
  void heard(Origin from, PeerMessage.Report report) {
    Reached last = reached.get(from);
    Reached next;
    if (report.position() != PositionReports.NO_MEMORY) {
      next = new Reached(report.epoch(), report.position(), report.token(), false);
    } else if (report.token() == token) {
      next = new Reached(askedEpoch, askedPosition, token, true);
    } else {
      return; // when that was asked is forgotten
    }
    if (last == null || !last.epoch().equals(next.epoch()) || last.position() <= next.position()) {
      reached.put(from, next);
    }
    Replica held = core.memory.replica();
    if (held != null && !shared.isEmpty()) {
      check(held);
    }
  }

  /** Once per heartbeat: a question or an answer may be lost. */
  void tick() {
    here.removeIf(waiter -> waiter.done().isDone());
    Replica held = core.memory.replica();
    if (held != null) {
      reached.keySet().retainAll(held.view().keySet());
      if (!shared.isEmpty()) {
        check(held);
      }
    }
  }

  /** Nothing more will be applied. */
  void close() {
    closed = true;
    for (Waiter next = arrivals.poll(); next != null; next = arrivals.poll()) {
      here.add(next);
    }
    here.forEach(waiter -> waiter.done().completeExceptionally(closedMeanwhile()));
    shared.forEach(waiter -> waiter.done().completeExceptionally(closedMeanwhile()));
  }

  private static IllegalStateException closedMeanwhile() {
    return new IllegalStateException("the member was closed meanwhile");
  }
}
