// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;

/**
 * When a write of one cache may do without its key's lock.
 *
 * <p>It must not come between a {@code clear} and its event, nor behind the end of the cache, which
 * is told to the others: both exclude all keys, and so the steps between {@link #begin} and {@link
 * #end}. The end is decided before it excludes: a step that comes after it sees that.
 *
 * <p>Never where writes are acknowledged. An operation that finds another thread's write on show
 * waits for the last ticket there is, so a write must have its ticket before others can see it, or
 * before they get its key. A step takes no ticket, for that needs the outbox's lock.
 *
 * @param acknowledged whether writers of the cache wait for the log
 */
record OwnSteps<K>(KeyLocks<K> locks, Lifecycle lifecycle, boolean acknowledged) {

  /** Nothing may be waited for until {@link #end}; false if this is no time for a step. */
  boolean begin() {
    if (acknowledged || !locks.beginStep()) {
      return false;
    }
    if (lifecycle.isUsable()) {
      return true;
    }
    locks.endStep();
    return false;
  }

  void end() {
    locks.endStep();
  }

  /** Whether somebody holds the lock of {@code key} or waits for it. */
  boolean isInUse(K key) {
    return locks.isInUse(key);
  }
}
