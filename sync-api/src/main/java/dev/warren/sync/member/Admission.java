// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import java.util.HashSet;
import java.util.Set;

/**
 * Which caches' events may leave the outbox, and which never will (rule F3): what a cache writes
 * waits while its {@code Opened} is in doubt, from the sealing of that to its decision, and is
 * given up once it was refused. Guarded by the outbox's lock.
 */
final class Admission {

  /** Caches whose {@code Opened} is sealed and not decided, or about to be said anew. */
  private final Set<String> inDoubt = new HashSet<>();

  /** Caches that were refused: nothing of theirs is sealed. */
  private final Set<String> refused = new HashSet<>();

  /** Whether the event is a write of a cache that was refused. */
  boolean isRefused(Event event) {
    return !refused.isEmpty()
        && event instanceof Event.CacheEvent of
        && refused.contains(of.cache())
        && isWriteOf(of.cache(), event);
  }

  /** What has expired goes whoever says so: the keeper speaks for all. */
  static boolean isWriteOf(String cache, Event event) {
    return event instanceof Event.CacheEvent of
        && !(event instanceof Event.Expire)
        && of.cache().equals(cache);
  }

  void doubt(String cache) {
    inDoubt.add(cache);
  }

  /** The cache's {@code Opened} was decided, or nobody asks any more. */
  void decided(String cache) {
    inDoubt.remove(cache);
  }

  /** Each {@code Opened} waits again, before what waits for it. */
  void noneDecided() {
    inDoubt.clear();
  }

  void refuse(String cache) {
    refused.add(cache);
  }

  void readmit(String cache) {
    refused.remove(cache);
  }

  /** A look through what waits, in its order. */
  Pass pass() {
    return new Pass();
  }

  /** Remembers of which caches something stays, so that nothing of the same one overtakes it. */
  final class Pass {
    private final Set<String> staying = new HashSet<>();

    /** Whether something stayed so far: what leaves now passes it. */
    boolean isPassed() {
      return !staying.isEmpty();
    }

    /** Whether {@code event} must stay behind what stayed, or for a decision. */
    boolean mustStay(Event event) {
      if (inDoubt.isEmpty() && staying.isEmpty()) {
        return false;
      } else if (event instanceof Event.CacheEvent of) {
        return inDoubt.contains(of.cache());
      } else if (event instanceof Event.Closed of) {
        return inDoubt.contains(of.cache()) || staying.contains(of.cache());
      } else if (event instanceof Event.Opened of) {
        return staying.contains(of.cache());
      }
      return event instanceof Event.Noop && !staying.isEmpty();
    }

    void stays(Event event) {
      if (event instanceof Event.CacheEvent of) {
        staying.add(of.cache());
      } else if (event instanceof Event.Closed of) {
        staying.add(of.cache());
      } else if (event instanceof Event.Opened of) {
        staying.add(of.cache());
      }
    }
  }
}
