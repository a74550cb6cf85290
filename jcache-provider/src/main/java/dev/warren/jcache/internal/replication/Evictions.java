// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.warren.sync.member.OwnEvent.Fate;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one node would drop from a bounded replicated cache, and how much of it when (rule B9).
 *
 * <p><b>Order.</b> Caffeine's W-TinyLFU sees this node's reads and the log's writes. It holds the
 * keys that it would keep; those of the log state that it does not are the surplus. Nothing is
 * dropped by that: entries leave the log state, everywhere, when an {@code Evict} is applied. So a
 * node keeps its own opinion for the time when it is its turn.
 *
 * <p><b>How much.</b> As many as there are above the bound, less those whose {@code Evict} is under
 * way: what this node's opinion and another's decision make the surplus larger by does not count.
 *
 * <p><b>Whose turn.</b> The first of the ready members acts at once, the next one after {@value
 * #TURN_LOOKS} looks at which the bound was exceeded and between which no other node's {@code
 * Evict} came, and so on: the first may not have opened the cache. The bound alone does not tell:
 * while writes last it is exceeded at each look although the first node works. Looks are counted
 * and not time, because a node that stood still has looked at nothing. If two act at once, more
 * entries go than needed, and nothing else happens; those behind the first stop each other.
 *
 * <p>On the applier thread, but for {@link #read}.
 */
final class Evictions<K> {

  /** Two seconds, as {@link EvictionTurns} looks. */
  static final int TURN_LOOKS = 8;

  private static final int MOST_UNDER_WAY = 1_024;

  private final long max;
  private final Actions<K> actions;
  private final Runnable onEviction;
  private final Cache<K, Boolean> kept;
  private final Set<K> surplus = ConcurrentHashMap.newKeySet();
  private int underWay;

  /** Looks since the bound was first seen exceeded, or since another node's {@code Evict}. */
  private int quietLooks;

  private boolean exceeded;
  private boolean othersEvicted;
  private boolean first;
  private boolean hasTurn;

  /** What the store does. */
  interface Actions<K> {
    /** Number of entries of the log state. */
    long size();

    boolean holds(K key);

    /** Appends an {@code Evict} and tells how it ended; false if the outbox is full. */
    boolean evict(K key, Consumer<Fate> onEnd);
  }

  /**
   * @param onEviction runs for each entry that this node has evicted
   */
  Evictions(long max, Actions<K> actions, Runnable onEviction) {
    this.max = max;
    this.actions = actions;
    this.onEviction = onEviction;
    Caffeine<K, Boolean> order =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(max)
            .evictionListener((key, there, cause) -> drop(key));
    this.kept = order.build();
  }

  private void drop(@Nullable K key) {
    if (key != null) {
      surplus.add(key);
    }
  }

  /** Any thread. */
  void read(K key) {
    var unused = kept.getIfPresent(key); // counts the read
  }

  void written(K key) {
    surplus.remove(key);
    kept.put(key, true); // which may drop this very key
  }

  void gone(K key) {
    kept.invalidate(key); // first: a reader's thread may be dropping it
    surplus.remove(key);
  }

  /** What the log state held is replaced as a whole; {@link #written} follows for each entry. */
  void reset() {
    kept.invalidateAll();
    surplus.clear();
  }

  /** Another node's {@code Evict} was applied, effective or not: somebody sees to the bound. */
  void evictedElsewhere() {
    othersEvicted = true;
    hasTurn &= first;
  }

  /**
   * Looks, every so often, and evicts what is too much if it is this node's turn.
   *
   * @param rank number of ready members that come before this one
   */
  void makeRoom(int rank) {
    boolean someoneActs = othersEvicted;
    othersEvicted = false;
    first = rank == 0;
    if (excess() <= 0) {
      exceeded = false;
      hasTurn = false;
      return;
    }
    quietLooks = exceeded && !someoneActs ? quietLooks + 1 : 0;
    exceeded = true;
    hasTurn = quietLooks >= rank * TURN_LOOKS;
    if (hasTurn) {
      evict();
    }
  }

  private long excess() {
    return actions.size() - max - underWay;
  }

  private void evict() {
    kept.cleanUp();
    long wanted = Math.min(excess(), MOST_UNDER_WAY - underWay);
    for (Iterator<K> it = surplus.iterator(); wanted > 0 && it.hasNext(); wanted--) {
      K key = it.next();
      it.remove();
      if (actions.holds(key)) {
        if (!actions.evict(key, fate -> ended(key, fate))) {
          surplus.add(key);
          return;
        }
        underWay++;
      }
    }
  }

  private void ended(K key, Fate fate) {
    underWay--;
    if (fate == Fate.EFFECTIVE) {
      onEviction.run();
    } else if (actions.holds(key) && !kept.asMap().containsKey(key)) {
      surplus.add(key);
    }
    if (hasTurn && underWay == MOST_UNDER_WAY / 2) {
      evict();
    }
  }
}
