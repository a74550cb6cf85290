// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import dev.warren.jcache.internal.operation.EntryChange;
import dev.warren.jcache.internal.store.PerThread;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;

/**
 * Hands on the changes of each key one after another, in the order in which they were queued,
 * without a lock on the key.
 *
 * <p>Changes are queued under the key's lock, so the queue has the order of occurrence. A thread
 * that delivers its change takes over the key's queue if nobody has it, hands on everything up to
 * its own change (predecessors of slower threads included) and leaves the rest to the threads that
 * wait for it. If another thread has the queue, it waits until its change is done or the queue is
 * free.
 *
 * <p>A thread whose listener changes entries itself must not wait in turn: it may have the very
 * queue that it would wait for, or two such threads might have one queue each. Such nested changes
 * are kept and delivered when the outermost listener has returned; hence the thread waits only
 * while it runs no listener and, because deliveries run after the locks are released, holds no key.
 *
 * <p>A queue leaves the map when it is empty, atomically with that check (the map's compute).
 */
final class KeyQueues<K, V> {
  private static final PerThread<Nesting> NESTING = new PerThread<>(Nesting::new);

  private final ConcurrentHashMap<K, KeyQueue> queues = new ConcurrentHashMap<>();
  private final Consumer<EntryChange<K, V>> receiver;

  /**
   * @param receiver called without locks; may throw, which the change's own deliverer gets
   */
  KeyQueues(Consumer<EntryChange<K, V>> receiver) {
    this.receiver = receiver;
  }

  /** Queues a change; the returned delivery must be run once. */
  Runnable add(EntryChange<K, V> change) {
    Ticket ticket = new Ticket(change);
    queues.compute(
        change.key(),
        (key, queue) -> {
          KeyQueue used = queue == null ? new KeyQueue() : queue;
          used.add(ticket);
          ticket.queue = used;
          return used;
        });
    return () -> deliver(ticket);
  }

  private void deliver(Ticket ticket) {
    Nesting nesting = NESTING.get();
    if (nesting.active) {
      nesting.later.add(() -> deliver(ticket));
      return;
    }
    nesting.active = true;
    try {
      KeyQueue queue = ticket.queue;
      if (queue != null) {
        queue.handOn(ticket);
        queues.computeIfPresent(
            ticket.change.key(), (key, current) -> current.isIdle() ? null : current);
      }
    } finally {
      nesting.active = false;
    }
    RuntimeException failure = ticket.failure;
    for (Runnable next = nesting.later.poll(); next != null; next = nesting.later.poll()) {
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

  /** True on a thread that is handing on changes, so within a listener. */
  static boolean isDelivering() {
    return NESTING.get().active;
  }

  /** What the thread is doing. */
  private static final class Nesting {
    boolean active;
    final ArrayDeque<Runnable> later = new ArrayDeque<>();
  }

  /** One queued change. */
  private final class Ticket {
    final EntryChange<K, V> change;
    // Written once before the ticket is handed out.
    @Nullable KeyQueue queue;
    // Guarded by the queue's lock.
    boolean done;
    volatile @Nullable RuntimeException failure;

    Ticket(EntryChange<K, V> change) {
      this.change = change;
    }
  }

  /** The changes of one key; {@code lock} guards its fields and is held only for a moment. */
  private final class KeyQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private boolean taken;

    void add(Ticket ticket) {
      lock.lock();
      try {
        tickets.add(ticket);
      } finally {
        lock.unlock();
      }
    }

    boolean isIdle() {
      lock.lock();
      try {
        return tickets.isEmpty() && !taken;
      } finally {
        lock.unlock();
      }
    }

    /** Returns when {@code own} is done. */
    void handOn(Ticket own) {
      if (!take(own)) {
        return;
      }
      Ticket next = next(own);
      while (next != null) {
        try {
          receiver.accept(next.change);
        } catch (RuntimeException e) {
          next.failure = e;
        } catch (Throwable e) { // not a listener's: those come wrapped
          next.failure = new CacheEntryListenerException("an event could not be delivered", e);
        } finally {
          finished(next);
        }
        next = next(own);
      }
    }

    /** Waits until the queue is the caller's (true), or the ticket was done by another (false). */
    private boolean take(Ticket own) {
      lock.lock();
      try {
        while (taken && !own.done) {
          changed.awaitUninterruptibly();
        }
        if (own.done) {
          return false;
        }
        taken = true;
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** The next ticket up to {@code own}; null when the queue has been given back. */
    private @Nullable Ticket next(Ticket own) {
      lock.lock();
      try {
        if (own.done) {
          taken = false;
          changed.signalAll();
          return null;
        }
        return tickets.remove();
      } finally {
        lock.unlock();
      }
    }

    private void finished(Ticket ticket) {
      lock.lock();
      try {
        ticket.done = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
