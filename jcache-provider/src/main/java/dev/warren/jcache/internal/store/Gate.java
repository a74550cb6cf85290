// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A shared/exclusive gate whose shared side is cheap: many threads are inside, or one excludes all.
 *
 * <p>Who passes adds one to its thread's stripe and then looks at {@code closing}; who closes sets
 * {@code closing} and then waits until it has seen each stripe at zero once. Both fields are
 * volatile, so of a passer and a closer that meet at least one sees the other: either the closer
 * still counts the passer, or the passer sees {@code closing}, takes its count back and waits. A
 * stripe that was seen at zero can therefore rise again only for a moment, by threads that go back.
 * A thread leaves by the stripe by which it came, because the stripe is that of its id.
 *
 * <p>{@code mutex} is held only to wait and to wake, never by those who pass an open gate.
 */
final class Gate {
  private static final int STRIPES = 16; // power of two
  private static final int PADDING = 8; // longs of a cache line

  private final AtomicLongArray inside = new AtomicLongArray(STRIPES * PADDING);
  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition changed = mutex.newCondition();
  // Written under mutex.
  private volatile boolean closing;
  private volatile @Nullable Thread closer;

  /** Passes if the gate is open; otherwise stays outside without waiting. */
  boolean tryPass() {
    inside.incrementAndGet(stripe());
    if (closing) {
      leave();
      return false;
    }
    return true;
  }

  /** Waits until the gate is open. */
  void pass() {
    int stripe = stripe();
    inside.incrementAndGet(stripe);
    while (closing) {
      leave();
      awaitOpen();
      inside.incrementAndGet(stripe);
    }
  }

  void leave() {
    inside.decrementAndGet(stripe());
    if (closing) {
      mutex.lock();
      try {
        changed.signalAll();
      } finally {
        mutex.unlock();
      }
    }
  }

  /** The thread that excludes others, or waits until it can; null if there is none. */
  @Nullable Thread closer() {
    return closer;
  }

  /**
   * True when all others are out and stay out until {@link #open}.
   *
   * @param onClosing runs when others begin to wait for the caller; throws to give up
   */
  boolean close(long timeoutMillis, Runnable onClosing) {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    mutex.lock();
    try {
      while (closing) {
        left = await(left);
        if (left <= 0) {
          return false;
        }
      }
      closer = Thread.currentThread();
      closing = true;
      boolean excluded = false;
      try {
        onClosing.run();
        excluded = drain(left);
      } finally {
        if (!excluded) {
          reopen();
        }
      }
      return excluded;
    } finally {
      mutex.unlock();
    }
  }

  /** Sees each stripe at zero once; false if that takes longer than {@code nanos}. */
  private boolean drain(long nanos) {
    long left = nanos;
    for (int stripe = 0; stripe < inside.length(); stripe += PADDING) {
      while (inside.get(stripe) != 0) {
        left = await(left);
        if (left <= 0) {
          return false;
        }
      }
    }
    return true;
  }

  void open() {
    mutex.lock();
    try {
      reopen();
    } finally {
      mutex.unlock();
    }
  }

  private void reopen() {
    closer = null;
    closing = false;
    changed.signalAll();
  }

  private void awaitOpen() {
    mutex.lock();
    try {
      while (closing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      mutex.unlock();
    }
  }

  /** Waits for a change without being interruptible; the nanoseconds left. */
  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private long await(long nanos) {
    boolean interrupted = Thread.interrupted();
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      interrupted = true;
      return nanos;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int stripe() {
    return ((int) Thread.currentThread().getId() & (STRIPES - 1)) * PADDING;
  }
}
