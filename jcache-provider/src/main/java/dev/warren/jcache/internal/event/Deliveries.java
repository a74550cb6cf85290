// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The listener calls under way, so that closing can wait for them: after {@link #end} none begins.
 * A thread that closes from within a listener does not wait for itself. {@code lock} guards all
 * fields and is never held while a listener runs.
 */
final class Deliveries {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // A thread stands here once per call: listeners may be nested.
  private final List<Thread> running = new ArrayList<>();
  private boolean ended;

  /** False if no listener may be called any more; otherwise {@link #done} must follow. */
  boolean begin() {
    lock.lock();
    try {
      if (!ended) {
        running.add(Thread.currentThread());
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      running.remove(Thread.currentThread());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets no call begin, and waits for those of other threads. */
  void end(long timeoutMillis) {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      ended = true;
      while (left > 0 && running.stream().anyMatch(t -> !t.equals(Thread.currentThread()))) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
