// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.api.CyclicWaitException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
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
 * <p><b>Cycles.</b> Two threads that each hold a key and want the other's would wait for ever. A
 * thread that holds a key and finds another busy, and every thread that wants all keys, therefore
 * asks the {@link WaitGraph} before it waits, and gets an exception instead. The way to a free key
 * leads past the graph.
 *
 * <p><b>Afterwards.</b> {@link #afterRelease} keeps foreign code (listeners) out from under the
 * locks: it runs when this thread has let go of its last key in any cache.
 */
public final class KeyLocks<K> {
  private static final PerThread<Holdings> HOLDINGS = new PerThread<>(Holdings::new);

  private final String cache;
  private final ConcurrentHashMap<K, KeyLock> locks = new ConcurrentHashMap<>();
  private final Gate gate = new Gate();
  private final Gate readers = new Gate();

  /**
   * @param cache names the cache in messages
   */
  public KeyLocks(String cache) {
    this.cache = cache;
  }

  /**
   * Locks {@code key}; the same thread may lock it again.
   *
   * @throws CyclicWaitException if the key's holder waits for this thread
   */
  public Hold lock(K key) {
    Holdings holdings = enter();
    try {
      return held(holdings, key, acquire(holdings, key));
    } catch (RuntimeException | Error e) { // a cycle, or a key's own hashCode or equals
      leave(holdings);
      throw e;
    }
  }

  /** As {@link #lock}, but null if that would mean to wait. */
  public @Nullable Hold tryLock(K key) {
    Holdings holdings = HOLDINGS.get();
    if (!holdings.holds(this) && !gate.tryPass()) {
      return null;
    }
    holdings.depth.add(this);
    try {
      KeyLock lock = use(key);
      if (lock.tryLock()) {
        return held(holdings, key, lock);
      }
      release(key);
    } catch (RuntimeException | Error e) { // a key's own hashCode or equals
      leave(holdings);
      throw e;
    }
    leave(holdings);
    return null;
  }

  private Hold held(Holdings holdings, K key, KeyLock lock) {
    return () -> {
      unlock(key, lock);
      leave(holdings);
    };
  }

  /**
   * Locks all of {@code keys}, which are distinct.
   *
   * @throws CyclicWaitException if the holder of one of them waits for this thread
   */
  public Hold lockAll(Collection<? extends K> keys) {
    Holdings holdings = enter();
    List<K> order = new ArrayList<>(keys);
    List<KeyLock> taken = new ArrayList<>(order.size());
    try {
      int busy = take(order, taken, null);
      while (busy >= 0) {
        K contended = order.remove(busy);
        order.add(0, contended);
        busy = take(order, taken, acquire(holdings, contended));
      }
    } catch (RuntimeException | Error e) { // as in lock; none is held then
      leave(holdings);
      throw e;
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
   * @throws CyclicWaitException if a holder of a key waits for this thread
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
   * @throws CyclicWaitException if a holder of a key waits for this thread
   */
  public @Nullable Hold tryExcludeAll(long timeoutMillis) {
    if (isHeldHere()) {
      throw new IllegalStateException(
          "an operation on all keys must not be called from within an operation on one key of the"
              + " same cache (entry processor, loader, writer, expiry policy): call it afterwards");
    }
    Holdings holdings = HOLDINGS.get();
    WaitGraph.enter(new GateWait(Thread.currentThread(), holdings));
    try {
      if (!gate.close(timeoutMillis, WaitGraph::check)) {
        return null;
      }
    } finally {
      WaitGraph.leave();
    }
    holdings.depth.add(this);
    return () -> {
      holdings.depth.remove(holdings.depth.size() - 1);
      gate.open();
      holdings.runIfFree();
    };
  }

  /**
   * Counts a read that takes no lock but runs user code, so that {@link #endReads} can wait for it;
   * null once that was called.
   */
  public @Nullable Hold tryRead() {
    return readers.tryPass() ? readers::leave : null;
  }

  /** Lets no read begin and waits for those under way; false if they take too long. */
  public boolean endReads(long timeoutMillis) {
    return readers.close(timeoutMillis, () -> {});
  }

  /**
   * Begins a change of one entry that takes no key's lock: false while somebody excludes all keys
   * or is about to. In between nothing may be waited for, and no user code may run but the key's
   * own methods.
   */
  public boolean beginStep() {
    return gate.tryPass();
  }

  /** Ends what {@link #beginStep} began, by the same thread. */
  public void endStep() {
    gate.leave();
  }

  /** True if the calling thread holds a key, or all keys, of this cache. */
  public boolean isHeldHere() {
    return HOLDINGS.get().holds(this);
  }

  /** True if the calling thread holds a key of any cache. */
  public static boolean isAnyHeldHere() {
    return !HOLDINGS.get().depth.isEmpty();
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

  /** True if somebody holds the lock of {@code key} or waits for it. Takes no lock. */
  public boolean isInUse(K key) {
    return locks.containsKey(key);
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
    if (!holdings.holds(this) && !gate.tryPass()) {
      passWhenOpen(holdings);
    }
    holdings.depth.add(this);
    return holdings;
  }

  private void passWhenOpen(Holdings holdings) {
    boolean mayCloseCycle = !holdings.depth.isEmpty();
    if (mayCloseCycle) {
      WaitGraph.enter(new GateWait(Thread.currentThread(), holdings));
    }
    try {
      gate.pass();
    } finally {
      if (mayCloseCycle) {
        WaitGraph.leave();
      }
    }
  }

  /** The lock of {@code key}, counted and locked; neither if it would be waited for for ever. */
  private KeyLock acquire(Holdings holdings, K key) {
    KeyLock fresh = KeyLock.held(); // most keys are free
    if (locks.putIfAbsent(key, fresh) == null) {
      return fresh;
    }
    KeyLock lock = use(key);
    if (lock.tryLock()) {
      return lock;
    }
    if (holdings.depth.size() == 1) { // this call is the only one: nobody waits for this thread
      lock.lock();
      return lock;
    }
    try {
      WaitGraph.enter(new KeyWait(lock, holdings));
    } catch (CyclicWaitException e) {
      release(key);
      throw e;
    }
    try {
      lock.lock();
    } finally {
      WaitGraph.leave();
    }
    return lock;
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

  /** A lock without further users is dropped as it is: nobody will ever ask for it. */
  private void unlock(K key, KeyLock lock) {
    if (release(key)) {
      lock.unlock();
    }
  }

  /** Ends one use of the key's lock; whether others use it. */
  private boolean release(K key) {
    return locks.computeIfPresent(key, (k, lock) -> --lock.users == 0 ? null : lock) != null;
  }

  /** Gives back what was locked; closed once, by the thread that locked. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A re-entrant lock. One is made for most operations, and held by its maker alone: so it is one
   * small object, and is born held.
   */
  private static final class KeyLock extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1L;

    /**
     * Holds and waits; guarded by the map's compute for this lock's key, once the map has the lock.
     */
    private int users;

    /** A lock that the calling thread holds, as its first user. */
    static KeyLock held() {
      KeyLock lock = new KeyLock();
      lock.users = 1;
      lock.setExclusiveOwnerThread(Thread.currentThread());
      lock.setState(1);
      return lock;
    }

    void lock() {
      acquire(1);
    }

    boolean tryLock() {
      return tryAcquire(1);
    }

    void unlock() {
      release(1);
    }

    @Nullable Thread owner() {
      return getState() == 0 ? null : getExclusiveOwnerThread();
    }

    @Override
    protected boolean tryAcquire(int holds) {
      Thread caller = Thread.currentThread();
      int held = getState();
      if (held == 0) {
        if (!compareAndSetState(0, holds)) {
          return false;
        }
        setExclusiveOwnerThread(caller);
        return true;
      }
      if (!caller.equals(getExclusiveOwnerThread())) {
        return false;
      }
      setState(held + holds);
      return true;
    }

    @Override
    protected boolean tryRelease(int holds) {
      if (!Thread.currentThread().equals(getExclusiveOwnerThread())) {
        throw new IllegalMonitorStateException("the lock of a key is given back by its holder");
      }
      int left = getState() - holds;
      if (left == 0) {
        setExclusiveOwnerThread(null);
      }
      setState(left);
      return left == 0;
    }
  }

  /** A wait for one key of this cache. */
  private final class KeyWait implements WaitGraph.Wait {
    private final KeyLock lock;
    private final Holdings holdings;

    KeyWait(KeyLock lock, Holdings holdings) {
      this.lock = lock;
      this.holdings = holdings;
    }

    @Override
    public Collection<Thread> blockers() {
      Thread owner = lock.owner();
      return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public boolean isInside(KeyLocks<?> locks) {
      return holdings.holds(locks);
    }

    @Override
    public String what() {
      return "a key of cache \"" + cache + '"';
    }
  }

  /** A wait for the gate of this cache: to pass it, or to have it for oneself. */
  private final class GateWait implements WaitGraph.Wait {
    private final Thread waiting;
    private final Holdings holdings;

    GateWait(Thread waiting, Holdings holdings) {
      this.waiting = waiting;
      this.holdings = holdings;
    }

    @Override
    public Collection<Thread> blockers() {
      Thread closer = gate.closer();
      if (closer == null) {
        return List.of();
      }
      return closer.equals(waiting)
          ? WaitGraph.waitingInside(KeyLocks.this, waiting)
          : List.of(closer);
    }

    @Override
    public boolean isInside(KeyLocks<?> locks) {
      return holdings.holds(locks);
    }

    @Override
    public String what() {
      return "all keys of cache \"" + cache + '"';
    }
  }

  /**
   * What one thread holds in all caches, innermost last, and what it does when it is free. While it
   * is registered in the wait graph others read {@code depth}, which it changes only before and
   * after.
   */
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

    /** Runs all, whatever they throw; then throws the first failure. */
    void runIfFree() {
      Throwable failure = null;
      while (depth.isEmpty()) {
        Runnable next = after.poll();
        if (next == null) {
          break;
        }
        try {
          next.run();
        } catch (Throwable e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
      if (failure instanceof Error error) {
        throw error;
      } else if (failure instanceof RuntimeException exception) {
        throw exception;
      } else if (failure != null) { // a checked one, thrown past the compiler
        throw new IllegalStateException(failure);
      }
    }
  }
}
