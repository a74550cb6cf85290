// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one cache: one re-entrant lock per key in use, and a gate that excludes all keys.
 *
 * <p><b>One lock per key.</b> The map holds a lock only while someone holds it or waits for it;
 * {@code users} counts both and changes only inside {@code compute}, atomically with the lock's
 * presence in the map. A lock is dropped from the map when the last user leaves, so two threads
 * that mean equal keys at the same time always mean the same lock. The map's own bins are locked
 * only for the count, never while user code runs: unrelated keys never wait for each other,
 * whatever their hashes.
 *
 * <p><b>Order.</b> A thread passes the gate's shared side first and locks its key then; who clears
 * holds the exclusive side and no key. A thread that is inside already passes the gate at once
 * (else a waiting {@code clear} would stop a processor's own nested call for ever). It cannot be
 * given the exclusive side: two such threads would wait for each other, so {@link #excludeAll}
 * refuses.
 *
 * <p><b>Several keys.</b> {@link #lockAll} never waits while it holds a lock that it took itself:
 * it tries all, and when one is busy it gives all back, waits for the busy one and starts again
 * with it in hand. So bulk operations in different orders cannot block each other for ever.
 *
 * <p><b>Afterwards.</b> {@link #afterRelease} keeps foreign code (listeners) out from under the
 * locks: it runs when this thread has let go of its last key in any cache.
 */
public final class KeyLocks<K> {
  private static final ThreadLocal<Holdings> HOLDINGS = ThreadLocal.withInitial(Holdings::new);

  private final ConcurrentHashMap<K, KeyLock> locks = new ConcurrentHashMap<>();
  private final Gate gate = new Gate();

  /** Locks {@code key}; the same thread may lock it again. */
  public Hold lock(K key) {
    Holdings holdings = enter();
    try {
      KeyLock lock = use(key);
      lock.lock();
      return () -> {
        unlock(key, lock);
        leave(holdings);
      };
    } catch (RuntimeException | Error e) { // a key's own hashCode or equals
      leave(holdings);
      throw e;
    }
  }

  /** Locks all of {@code keys}, which are distinct. */
  public Hold lockAll(Collection<? extends K> keys) {
    Holdings holdings = enter();
    List<K> order = new ArrayList<>(keys);
    List<KeyLock> taken = new ArrayList<>(order.size());
    int busy = take(order, taken, null);
    while (busy >= 0) {
      K contended = order.remove(busy);
      order.add(0, contended);
      KeyLock lock = use(contended);
      lock.lock();
      busy = take(order, taken, lock);
    }
    return () -> {
      for (int i = order.size() - 1; i >= 0; i--) {
        unlock(order.get(i), taken.get(i));
      }
      leave(holdings);
    };
  }

  /**
   * Waits until no other thread holds a key, and keeps all out until the hold is closed.
   *
   * @throws IllegalStateException if this thread holds a key of this cache
   */
  public Hold excludeAll() {
    Hold hold = tryExcludeAll(Long.MAX_VALUE);
    if (hold == null) {
      throw new IllegalStateException("waiting for all keys ended early");
    }
    return hold;
  }

  /**
   * As {@link #excludeAll}; null when {@code timeoutMillis} passed first.
   *
   * @throws IllegalStateException if this thread holds a key of this cache
   */
  public @Nullable Hold tryExcludeAll(long timeoutMillis) {
    if (isHeldHere()) {
      throw new IllegalStateException(
          "an operation on all keys must not be called from within an operation on one key of the"
              + " same cache (entry processor, loader, writer, expiry policy): call it afterwards");
    }
    if (!gate.close(timeoutMillis)) {
      return null;
    }
    Holdings holdings = HOLDINGS.get();
    holdings.depth.add(this);
    return () -> {
      holdings.depth.remove(holdings.depth.size() - 1);
      gate.open();
      holdings.runIfFree();
    };
  }

  /** True if the calling thread holds a key, or all keys, of this cache. */
  public boolean isHeldHere() {
    return HOLDINGS.get().holds(this);
  }

  /**
   * Runs {@code action} now if this thread holds no key of any cache, else as soon as it holds
   * none.
   */
  public static void afterRelease(Runnable action) {
    Holdings holdings = HOLDINGS.get();
    holdings.after.add(action);
    holdings.runIfFree();
  }

  /** Number of keys whose lock is held or waited for. */
  int inUse() {
    return locks.size();
  }

  /** Takes each lock that is free; the index of the first busy one, with none held, or -1. */
  private int take(List<K> order, List<KeyLock> taken, @Nullable KeyLock first) {
    taken.clear();
    if (first != null) {
      taken.add(first);
    }
    for (int i = taken.size(); i < order.size(); i++) {
      KeyLock lock = use(order.get(i));
      if (!lock.tryLock()) {
        release(order.get(i));
        for (int j = i - 1; j >= 0; j--) {
          unlock(order.get(j), taken.get(j));
        }
        return i;
      }
      taken.add(lock);
    }
    return -1;
  }

  private Holdings enter() {
    Holdings holdings = HOLDINGS.get();
    if (!holdings.holds(this)) {
      gate.pass();
    }
    holdings.depth.add(this);
    return holdings;
  }

  private void leave(Holdings holdings) {
    holdings.depth.remove(holdings.depth.size() - 1);
    if (!holdings.holds(this)) {
      gate.leave();
    }
    holdings.runIfFree();
  }

  private KeyLock use(K key) {
    return locks.compute(
        key,
        (k, lock) -> {
          KeyLock used = lock == null ? new KeyLock() : lock;
          used.users++;
          return used;
        });
  }

  private void unlock(K key, KeyLock lock) {
    lock.unlock();
    release(key);
  }

  private void release(K key) {
    locks.computeIfPresent(key, (k, lock) -> --lock.users == 0 ? null : lock);
  }

  /** Gives back what was locked; closed once, by the thread that locked. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  private static final class KeyLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;
    // Guarded by the map's compute for this lock's key.
    private int users;
  }

  /** What one thread holds in all caches, innermost last, and what it does when it is free. */
  private static final class Holdings {
    final List<KeyLocks<?>> depth = new ArrayList<>(4);
    final ArrayDeque<Runnable> after = new ArrayDeque<>();

    @SuppressWarnings("ReferenceEquality") // caches' locks are compared by identity
    boolean holds(KeyLocks<?> locks) {
      for (int i = depth.size() - 1; i >= 0; i--) {
        if (depth.get(i) == locks) {
          return true;
        }
      }
      return false;
    }

    void runIfFree() {
      RuntimeException failure = null;
      while (depth.isEmpty()) {
        Runnable next = after.poll();
        if (next == null) {
          break;
        }
        try {
          next.run();
        } catch (RuntimeException e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
