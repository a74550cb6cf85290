// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.keeper;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When to look at which key of one cache.
 *
 * <p><b>Places.</b> Time is counted in ticks of 256 ms. A key whose entry expires within the
 * present span of 4,096 ticks (17 minutes) is in the set of its tick, a later one in the set of its
 * span. {@code hand} is the first tick that is not over. When a tick is over, its keys come up to
 * be looked at; when a span begins, its keys do too, which puts them to their ticks. So a key comes
 * up twice at most for one expiry time, at the latest 256 ms after it; and a clock that leaps
 * forward costs nothing.
 *
 * <p><b>Hints, not truth.</b> Who looks at a key asks the log state what is there. A key that comes
 * up for nothing does no harm, and one may be put in again at any time, since its place follows
 * from its expiry time and the hand. Therefore a set that has come up is handed out as it is,
 * little by little, while the log goes on; and a key is taken away from its old place only in order
 * that entries which are written again and again do not pile up.
 */
final class ExpiryHints {

  private static final int TICK_BITS = 8;
  private static final int SPAN_BITS = 12;

  private final NavigableMap<Long, Set<Bytes>> ticks = new TreeMap<>();
  private final NavigableMap<Long, Set<Bytes>> spans = new TreeMap<>();
  private final Deque<Iterator<Bytes>> up = new ArrayDeque<>();
  private long hand;

  /**
   * @param keys to be looked at now; not to be changed any more
   */
  ExpiryHints(long nowMillis, Collection<Bytes> keys) {
    hand = tick(nowMillis);
    up.add(keys.iterator());
  }

  private static long tick(long millis) {
    return millis >> TICK_BITS;
  }

  /**
   * Puts {@code key} where an entry of this expiry time belongs; what is due comes up next tick.
   */
  void put(Bytes key, long expiryMillis) {
    if (expiryMillis != Event.NEVER) {
      long tick = Math.max(hand, tick(expiryMillis));
      (isNear(tick) ? ticks : spans)
          .computeIfAbsent(isNear(tick) ? tick : tick >> SPAN_BITS, t -> new HashSet<>())
          .add(key);
    }
  }

  /** An entry expires at another time than before; {@link Event#NEVER} stands for no entry too. */
  void move(Bytes key, long fromMillis, long toMillis) {
    if (fromMillis != toMillis) {
      take(key, fromMillis);
      put(key, toMillis);
    }
  }

  private void take(Bytes key, long expiryMillis) {
    long tick = tick(expiryMillis);
    Map<Long, Set<Bytes>> places = isNear(tick) ? ticks : spans;
    long place = isNear(tick) ? tick : tick >> SPAN_BITS;
    Set<Bytes> keys = places.get(place);
    if (keys != null && keys.remove(key) && keys.isEmpty()) {
      places.remove(place);
    }
  }

  private boolean isNear(long tick) {
    return tick >> SPAN_BITS <= hand >> SPAN_BITS;
  }

  /** Lets come up what is due at {@code nowMillis}. */
  void advance(long nowMillis) {
    hand = Math.max(hand, tick(nowMillis));
    comeUp(ticks, hand - 1);
    comeUp(spans, hand >> SPAN_BITS);
  }

  private void comeUp(NavigableMap<Long, Set<Bytes>> places, long last) {
    while (!places.isEmpty() && places.firstKey() <= last) {
      up.add(places.pollFirstEntry().getValue().iterator());
    }
  }

  /** True if there is a key to be looked at. */
  boolean hasNext() {
    while (!up.isEmpty() && !up.getFirst().hasNext()) {
      up.removeFirst();
    }
    return !up.isEmpty();
  }

  /** The next key to be looked at; null if there is none now. */
  @Nullable Bytes next() {
    return hasNext() ? up.getFirst().next() : null;
  }

  /** Number of keys that wait for their time. */
  int waiting() {
    return ticks.values().stream().mapToInt(Set::size).sum()
        + spans.values().stream().mapToInt(Set::size).sum();
  }
}
