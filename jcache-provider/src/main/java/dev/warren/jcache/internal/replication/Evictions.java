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
 * #TURN_MILLIS} ms in which the bound was exceeded without a break, and so on: the first may not
 * have opened the cache. If two act at once, more entries go than needed, and nothing else happens.
 *
 * <p>On the applier thread, but for {@link #read}.
 */
final class Evictions<K> {

  static final long TURN_MILLIS = 2_000;

  private static final int MOST_UNDER_WAY = 1_024;

  private final long max;
  private final Actions<K> actions;
  private final Runnable onEviction;
  private final Cache<K, Boolean> kept;
  private final Set<K> surplus = ConcurrentHashMap.newKeySet();
  private int underWay;
  private long exceededSinceMillis;
  private boolean exceeded;

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

  /**
   * Evicts what is too much if it is this node's turn.
   *
   * @param rank number of ready members that come before this one
   */
  void makeRoom(int rank, long nowMillis) {
    if (excess() <= 0) {
      exceeded = false;
      return;
    }
    if (!exceeded) {
      exceeded = true;
      exceededSinceMillis = nowMillis;
    }
    if (nowMillis - exceededSinceMillis >= rank * TURN_MILLIS) {
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
    if (underWay == MOST_UNDER_WAY / 2) {
      evict();
    }
  }
}
