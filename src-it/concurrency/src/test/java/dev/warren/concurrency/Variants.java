// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import dev.warren.concurrency.Model.Life;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import org.jetbrains.lincheck.datastructures.Operation;

/** The caches that Lincheck searches; it makes a new one for each of its tries. */
final class Variants {
  private Variants() {}

  /** Two keys, which must not disturb one another. */
  public static final class Plain extends KeyOperations {
    public Plain() {
      super(LocalCache.unbounded().make(), 2);
    }
  }

  /** One key, and all that there is to do with it. */
  public static final class OneKey extends AllOperations {
    public OneKey() {
      super(LocalCache.unbounded().make());
    }
  }

  /** Writes go through to a store. */
  public static final class Writing extends AllOperations {
    public Writing() {
      super(LocalCache.unbounded().writingThrough().make());
    }
  }

  /** A synchronous listener comes and goes. */
  public static final class Listened extends AllOperations {
    private final CacheEntryListenerConfiguration<Integer, Integer> listener =
        new MutableCacheEntryListenerConfiguration<>(() -> Listened.NOTHING, null, false, true);
    private boolean registered;

    private static final CacheEntryCreatedListener<Integer, Integer> NOTHING = events -> {};

    public Listened() {
      super(LocalCache.unbounded().make());
    }

    @Operation(nonParallelGroup = "listener")
    public void listen() {
      if (!registered) {
        cache.registerCacheEntryListener(listener);
        registered = true;
      }
    }

    @Operation(nonParallelGroup = "listener")
    public void listenNoMore() {
      if (registered) {
        cache.deregisterCacheEntryListener(listener);
        registered = false;
      }
    }
  }

  /** Bounded, but never full. */
  public static final class Bounded extends KeyOperations {
    public Bounded() {
      super(LocalCache.bounded(100).make(), 2);
    }
  }

  /** Room for one of the two keys: every other put has an entry evicted. */
  public static final class Full extends KeyOperations {
    public Full() {
      super(LocalCache.bounded(1).make(), 2);
    }
  }

  /** One key, and a clock that goes on between operations. */
  public abstract static class Expiring extends AllOperations {
    private final LocalCache local;
    private final TimeStandsStill time;

    Expiring(LocalCache local, TimeStandsStill time) {
      super(time.during(local.make()));
      this.local = local;
      this.time = time;
    }

    @Operation
    public void advance() {
      time.move(() -> local.advance(Model.STEP_MILLIS));
    }

    @Operation(nonParallelGroup = "sweeper")
    public void sweep() {
      local.sweep();
    }
  }

  /** Entries end some time after they were created. */
  public static final class ExpiringSinceCreation extends Expiring {
    public ExpiringSinceCreation() {
      super(LocalCache.unbounded().expiring(Life.CREATED), new TimeStandsStill());
    }
  }

  /** Entries end some time after they were used. */
  public static final class ExpiringSinceTouch extends Expiring {
    public ExpiringSinceTouch() {
      super(LocalCache.unbounded().expiring(Life.TOUCHED), new TimeStandsStill());
    }
  }
}
