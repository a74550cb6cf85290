// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.Store.Admission;
import dev.warren.sync.member.Outbox;
import dev.warren.sync.member.OutboxFullException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.cache.CacheException;

/** Room in the outbox, taken for one cache before anything is changed. */
final class Rooms {

  private final String cache;
  private final Outbox outbox;
  private final Supplier<Duration> patience;

  /**
   * @param patience how long a writer waits for room now
   */
  Rooms(String cache, Outbox outbox, Supplier<Duration> patience) {
    this.cache = cache;
    this.outbox = outbox;
    this.patience = patience;
  }

  /** Room for writes, for which writers wait a while: the applier, which makes room, never does. */
  Admission admit(int mutations) {
    reserve(mutations);
    return new Room(mutations);
  }

  /** Takes the room of one event out of {@code admission}, or anew if that has none left. */
  void use(Admission admission) {
    if (admission instanceof Room room) {
      room.use();
    } else {
      reserve(1);
    }
  }

  /** Room for one event if it is there at this moment. */
  boolean tryTakeAtOnce() {
    return outbox.tryReserve();
  }

  /** Room for one event that may as well not be sent; false if there is none now. */
  boolean tryTake() {
    try {
      outbox.reserve(1);
      return true;
    } catch (OutboxFullException e) {
      return false;
    }
  }

  /** As {@link #tryTake}, but waits for the room as writers do. */
  boolean takePatiently() {
    try {
      outbox.reserve(1, patience.get());
      return true;
    } catch (OutboxFullException e) {
      return false;
    }
  }

  /** Whether the broker is away, so that nothing leaves the outbox. */
  boolean isBrokerAway() {
    return patience.get().isZero();
  }

  /** Gives back the room of one event. */
  void giveBack() {
    outbox.release(1);
  }

  private void reserve(int mutations) {
    try {
      outbox.reserve(mutations, patience.get());
    } catch (OutboxFullException e) {
      throw new CacheException("cache \"" + cache + "\": " + e.getMessage(), e);
    }
  }

  /** Used by the thread that was admitted. */
  private final class Room implements Admission {
    private int left;

    Room(int mutations) {
      this.left = mutations;
    }

    void use() {
      if (left == 0) {
        reserve(1);
      } else {
        left--;
      }
    }

    /** Nothing is left behind most writes: then no other writer is woken, to find no room again. */
    @Override
    public void close() {
      if (left > 0) {
        outbox.release(left);
        left = 0;
      }
    }
  }
}
