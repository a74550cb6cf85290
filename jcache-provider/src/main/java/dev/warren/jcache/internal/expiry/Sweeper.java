// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import java.io.Closeable;
import java.lang.ref.WeakReference;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the caches of one provider take out their expired entries, so that nobody needs to meet one
 * before its EXPIRED event comes and its memory is free.
 *
 * <p>One daemon thread looks every {@value #PERIOD_MILLIS} ms into each cache that may have expired
 * entries. A cache does a bounded piece of work in one round, so that a million entries which
 * expire at once in one cache do not hold up the others; while any has more to do, round follows
 * round without a pause.
 *
 * <p><b>Nothing is kept in memory by this.</b> Caches are known by weak references. The thread
 * inherits nothing from the one that happens to start it, and ends when no cache has had an entry
 * with an expiry time for some seconds; {@link #wake} starts it again. (It has to end: where Warren
 * came with the application, a thread that runs Warren's code keeps the application's classes.)
 *
 * <p><b>No wake-up is lost.</b> A cache first queues its entry, under a lock, and then reads {@code
 * running}; the thread first unsets {@code running} and then looks into the caches, under the same
 * lock. Whichever comes second sees the other.
 */
public final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** Pause between two rounds in which there is nothing left to do at once. */
  public static final long PERIOD_MILLIS = 250;

  private static final int IDLE_ROUNDS = 20;

  /** What a cache still has to do. */
  public enum Left {
    /** No entry of it has an expiry time. */
    NOTHING,
    /** There are entries whose time has not come. */
    LATER,
    /** There are entries whose time has come. */
    NOW;

    /** The more urgent of the two. */
    public Left or(Left other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  /** A cache, as seen from here. */
  public interface Swept {
    /** Takes out some of the expired entries; never waits. */
    Left sweep();
  }

  private final List<Known> all = new CopyOnWriteArrayList<>();
  private final Executor threads;
  // Set under this object's monitor, unset by the thread.
  private volatile boolean running;

  /**
   * @param threads runs a task that lasts as long as there is something to sweep
   */
  public Sweeper(Executor threads) {
    this.threads = threads;
  }

  /** One that sweeps on a daemon thread. */
  public static Sweeper onDaemonThread() {
    return new Sweeper(Sweeper::startDaemon);
  }

  /** Sweeps {@code swept} until the result is closed, or as long as somebody refers to it. */
  public Closeable add(Swept swept) {
    Membership membership = new Membership(swept);
    all.add(membership.reference);
    return membership;
  }

  /** Keeps the cache in reach of whoever will close this. */
  private final class Membership implements Closeable {
    private final Swept swept;
    private final Known reference;

    Membership(Swept swept) {
      this.swept = swept;
      this.reference = new Known(swept);
    }

    @Override
    public void close() {
      all.remove(reference);
      LOG.trace("{} is swept no more", swept);
    }
  }

  private static final class Known extends WeakReference<Swept> {
    // Of the thread alone.
    private boolean failed;

    Known(Swept swept) {
      super(swept);
    }
  }

  /** To be called when a cache has queued an entry; costs one read while the thread runs. */
  public void wake() {
    if (!running && claim()) {
      threads.execute(this::run);
    }
  }

  /** One round through all caches. */
  public Left sweep() {
    all.removeIf(reference -> reference.get() == null);
    Left left = Left.NOTHING;
    for (Known reference : all) {
      left = left.or(sweep(reference));
    }
    return left;
  }

  /** Whatever one cache throws, the entries of the others must expire. */
  private Left sweep(Known reference) {
    Swept swept = reference.get();
    try {
      return swept == null ? Left.NOTHING : swept.sweep();
    } catch (LinkageError e) { // its class loader was closed: the application is gone
      all.remove(reference);
      return Left.NOTHING;
    } catch (Throwable e) {
      if (!reference.failed) {
        reference.failed = true;
        LOG.warn("WRN-0117 Expired entries could not be taken out; they count as absent", e);
      }
      return Left.LATER;
    }
  }

  private void run() {
    try {
      do {
        sweepUntilIdle();
        running = false;
      } while (sweep() != Left.NOTHING && claim());
    } catch (LinkageError e) {
      // The class loader of Warren itself was closed before this thread had all classes that it
      // needs: the application is gone, and nobody is left to whom that would be news.
      running = false;
    }
  }

  private void sweepUntilIdle() {
    int idle = 0;
    while (idle < IDLE_ROUNDS) {
      Left left = sweep();
      idle = left == Left.NOTHING ? idle + 1 : 0;
      if (left != Left.NOW) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS));
      }
    }
  }

  private synchronized boolean claim() {
    if (running) {
      return false;
    }
    running = true;
    return true;
  }

  /**
   * Up to JDK 23 a thread keeps the access control context, and with it the class loaders, of the
   * code that made it; as a privileged action that is Warren's own code alone.
   */
  @SuppressWarnings("removal")
  private static void startDaemon(Runnable task) {
    AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = new Thread(null, task, "warren-expiry", 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              thread.start();
              return thread;
            });
  }
}
