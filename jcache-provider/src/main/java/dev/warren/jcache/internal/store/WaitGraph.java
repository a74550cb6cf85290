// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.api.CyclicWaitException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who waits for whom, over all caches: finds out before a thread begins to wait whether it would
 * wait for itself.
 *
 * <p><b>Who is registered.</b> Each thread that waits while it holds a key (in an entry processor,
 * loader, writer or expiry policy that calls a cache) and each thread that waits for all keys of a
 * cache. A thread that holds nothing keeps nobody waiting and cannot be part of a cycle; so neither
 * it nor any call that finds its key free comes here.
 *
 * <p><b>Why what is found is a cycle, and none is missed.</b> A cycle closes only when a thread
 * begins to wait, or when it shuts a gate; it registers, under this class's lock, before it looks,
 * so of several that close one together the last sees it. An edge that leads to a registered thread
 * stays while the lock is held: that thread is waiting, and what it holds, it goes on holding. So a
 * path that leads back to the calling thread, which is not waiting yet, stands as a whole.
 *
 * <p>{@code LOCK} guards {@code WAITS}; it is a leaf: whoever holds it calls nothing that waits.
 */
final class WaitGraph {
  private static final Object LOCK = new Object();
  private static final Map<Thread, Wait> WAITS = new HashMap<>();

  private WaitGraph() {}

  /** What one thread waits for. */
  interface Wait {
    /** The threads that must go on first, as it is now; may name the waiting thread itself. */
    Collection<Thread> blockers();

    /** Whether the waiting thread is inside {@code locks}. */
    boolean isInside(KeyLocks<?> locks);

    /** Ends the sentence "thread t waits for …". */
    String what();
  }

  /**
   * Registers the calling thread, which is about to wait; {@link #leave} must follow, unless this
   * throws.
   *
   * @throws CyclicWaitException if it would wait for itself
   */
  static void enter(Wait wait) {
    synchronized (LOCK) {
      WAITS.put(Thread.currentThread(), wait);
      try {
        check();
      } catch (CyclicWaitException e) {
        WAITS.remove(Thread.currentThread());
        throw e;
      }
    }
  }

  static void leave() {
    synchronized (LOCK) {
      WAITS.remove(Thread.currentThread());
    }
  }

  /**
   * Looks again, for a registered thread that has made others wait for it since.
   *
   * @throws CyclicWaitException if it waits for itself
   */
  static void check() {
    synchronized (LOCK) {
      List<Thread> path = new ArrayList<>();
      if (leadsBack(Thread.currentThread(), path, new HashSet<>())) {
        throw new CyclicWaitException(describe(path));
      }
    }
  }

  /** The waiting threads that are inside {@code locks}, but for {@code except}. */
  static Collection<Thread> waitingInside(KeyLocks<?> locks, Thread except) {
    List<Thread> inside = new ArrayList<>();
    synchronized (LOCK) {
      WAITS.forEach(
          (thread, wait) -> {
            if (!thread.equals(except) && wait.isInside(locks)) {
              inside.add(thread);
            }
          });
    }
    return inside;
  }

  /** How many threads are registered. */
  static int size() {
    synchronized (LOCK) {
      return WAITS.size();
    }
  }

  /** Depth first; {@code path} is the way to the calling thread if there is one. */
  private static boolean leadsBack(Thread from, List<Thread> path, Set<Thread> seen) {
    Wait wait = WAITS.get(from);
    if (wait == null) {
      return false;
    }
    path.add(from);
    for (Thread blocker : wait.blockers()) {
      if (blocker.equals(from)) {
        continue; // it has just got what it waits for
      }
      if (blocker.equals(Thread.currentThread())
          || (seen.add(blocker) && leadsBack(blocker, path, seen))) {
        return true;
      }
    }
    path.remove(path.size() - 1);
    return false;
  }

  private static String describe(List<Thread> path) {
    StringBuilder cycle = new StringBuilder();
    for (int i = 0; i < path.size(); i++) {
      Wait wait = WAITS.get(path.get(i));
      cycle.append(i == 0 ? "thread \"" : " held by thread \"").append(path.get(i).getName());
      cycle.append(i == 0 ? "\" would wait for " : "\", which waits for ");
      cycle.append(wait == null ? "it" : wait.what());
    }
    return "an operation inside an entry processor, loader, writer or expiry policy must not wait"
        + " for an operation that waits for it, but "
        + cycle
        + " held by the first: touch keys in one order everywhere, or make the inner call after the"
        + " outer operation";
  }
}
