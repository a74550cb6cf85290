// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.Event;
import dev.warren.sync.member.OwnEvent;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loaded values of a replicated cache on their way to the log (rule B7).
 *
 * <p><b>Shown at once.</b> Under the key's lock, in one step of the overlay, a loaded value is put
 * there unless its {@link Watches watch} tells of a change of the key since the load began. The
 * applier marks the watch of a key before it ends what the overlay shows of loads of it: so an
 * event of another node either is seen in that step or ends the value.
 *
 * <p><b>Sent by the applier.</b> What the log will decide is: was the stripe of the key moved
 * behind the named position {@code began}, is the entry still the named one? The applier, having
 * found the value still on show, names the position up to which it has applied the cache's events,
 * and the entry of the log state. It may, though the load began before: whatever of the key stands
 * up to there was applied while the value was watched or shown, and would have ended it, but for
 * own writes that were issued before the load began. So the stripe is asked for the short way to
 * the log only, and not for as long as the loader took. No position of another memory is ever
 * named: whoever installs one ends all values on show on this same thread.
 *
 * <p><b>Refused, sent again.</b> Another key of the stripe may move it on that short way, or an own
 * write of the key may have been on its way before the load began. If the value is on show still
 * when its {@code Fill} comes back without effect, no other node has changed the key, and it is
 * sent again with the position of now; {@value #MOST_REFUSALS} times at most.
 *
 * <p><b>What ends it</b>: its own effective {@code Fill}, after which the log state shows the same;
 * another node's change of the key; a later own write, which takes its place in the overlay; an
 * installed memory. While the broker is away at most {@value #MOST_AWAY} values are kept so, and
 * further ones are handed out without being kept: writers need the room.
 */
final class Fills<K, V> {

  private static final int MOST_REFUSALS = 8;
  private static final int MOST_AWAY = 1_024;

  private final LogWay<K, V> way;
  private final ConcurrentHashMap<K, Shown<V>> overlay;
  private final ToLongFunction<K> writePosition;
  private final Watches<K> watches;
  private final BiConsumer<K, Shown<V>> landing;
  private final AtomicInteger underWay = new AtomicInteger();

  /** No room came for the last load that waited. */
  private volatile boolean waitedInVain;

  // The applier's.
  private long reached;
  private boolean installed;
  private int beforeTheFirst;

  /**
   * @param writePosition of a key's entry in the log state, {@link Event#ABSENT} without one
   * @param landing told that the log state shows what a load has shown so far
   */
  Fills(
      LogWay<K, V> way,
      ConcurrentHashMap<K, Shown<V>> overlay,
      ToLongFunction<K> writePosition,
      Watches<K> watches,
      BiConsumer<K, Shown<V>> landing) {
    this.way = way;
    this.overlay = overlay;
    this.writePosition = writePosition;
    this.watches = watches;
    this.landing = landing;
  }

  /** Shows and sends a loaded value; false if it is not kept. The holder of the key's lock. */
  @SuppressWarnings("ReferenceEquality") // whether it is this one that shows
  boolean show(K key, Filled<V> filled) {
    if (way.rooms().isBrokerAway() && underWay.get() >= MOST_AWAY) {
      return false;
    }
    if (!takeRoom()) {
      return false;
    }
    underWay.incrementAndGet();
    Shown<V> top =
        overlay.compute(
            key, (k, current) -> watches.isChanged(filled.watch) ? current : filled.above(current));
    if (top != filled) {
      giveRoomBack();
      return false;
    }
    way.applier().execute(() -> guarded(() -> send(key, filled), this::giveRoomBack));
    return true;
  }

  /** As a writer waits for it, but not each load in turn while nothing leaves the outbox. */
  private boolean takeRoom() {
    if (way.rooms().tryTake()) {
      waitedInVain = false;
      return true;
    }
    if (waitedInVain) {
      return false;
    }
    waitedInVain = !way.rooms().takePatiently();
    return !waitedInVain;
  }

  private void giveRoomBack() {
    way.rooms().giveBack();
    underWay.decrementAndGet();
  }

  /** An own write of {@code key} has ended: it shows no more, neither above nor beneath a load. */
  void writeEnded(K key, Shown<V> shown) {
    if (!overlay.remove(key, shown)) {
      overlay.computeIfPresent(
          key, (k, top) -> top instanceof Filled<V> filled ? filled.without(shown) : top);
    }
  }

  // ---- the applier's side

  /** The cache's events up to {@code position} are applied. */
  void reached(long position) {
    reached = Math.max(reached, position);
  }

  /** Another memory, at {@code position}, took the place of the one before. */
  void installed(long position) {
    reached = Math.max(0, position);
    installed = true;
    underWay.addAndGet(-beforeTheFirst);
    beforeTheFirst = 0;
    endAll();
  }

  /** Ends what is shown of {@code key} by a load, and gives it. */
  @Nullable Filled<V> end(K key) {
    if (!(overlay.get(key) instanceof Filled<V>) && underWay.get() == 0) {
      return null;
    }
    Ended<V> ended = new Ended<>();
    overlay.computeIfPresent(
        key, (k, top) -> top instanceof Filled<V> filled ? ended.by(filled) : top);
    return ended.filled;
  }

  private static final class Ended<V> {
    private @Nullable Filled<V> filled;

    @Nullable Shown<V> by(Filled<V> of) {
      filled = of;
      return of.under();
    }
  }

  /** Ends all; what comes into the overlay at this moment is ended when it would be sent. */
  void endAll() {
    overlay.forEach(
        (key, top) -> {
          if (top instanceof Filled<V> filled) {
            end(key, filled);
          }
        });
  }

  @SuppressWarnings("ReferenceEquality") // exactly this load
  private void end(K key, Filled<V> filled) {
    overlay.computeIfPresent(key, (k, top) -> top == filled ? filled.under() : top);
  }

  /** What a key's own {@code hashCode} or {@code equals} throws must not reach the applier. */
  private void guarded(Runnable task, Runnable otherwise) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      way.bytes().failed(e);
      otherwise.run();
    }
  }

  @SuppressWarnings("ReferenceEquality") // exactly this load
  private void send(K key, Filled<V> filled) {
    boolean isShown = overlay.get(key) == filled;
    if (isShown && watches.isChangedElsewhere(filled.watch)) {
      end(key, filled);
      isShown = false;
    }
    if (!isShown) {
      giveRoomBack();
      return;
    }
    if (!installed) { // the first memory will end it
      way.rooms().giveBack();
      beforeTheFirst++;
      return;
    }
    way.outbox()
        .offer(
            new Event.Fill(
                way.cache(),
                filled.keyBytes,
                filled.valueBytes,
                filled.expiryMillis(),
                reached,
                writePosition.applyAsLong(key)),
            fate -> guarded(() -> decided(key, filled, fate), underWay::decrementAndGet));
  }

  @SuppressWarnings("ReferenceEquality") // exactly this load
  private void decided(K key, Filled<V> filled, OwnEvent.Fate fate) {
    boolean again =
        fate == OwnEvent.Fate.INEFFECTIVE
            && filled.refusals++ < MOST_REFUSALS
            && overlay.get(key) == filled
            && way.rooms().tryTake();
    if (again) {
      send(key, filled);
    } else {
      if (fate == OwnEvent.Fate.EFFECTIVE) {
        landing.accept(key, filled);
      }
      end(key, filled);
      underWay.decrementAndGet();
    }
  }
}
