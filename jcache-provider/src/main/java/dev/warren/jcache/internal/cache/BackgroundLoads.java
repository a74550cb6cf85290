// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.internal.operation.DaemonPool;
import java.util.concurrent.RejectedExecutionException;
import javax.cache.CacheException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@code loadAll} on daemon threads and tells each call's listener how it ended. */
final class BackgroundLoads {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoads.class);
  private static final int THREADS = 2;

  private final DaemonPool pool;

  BackgroundLoads(String cacheName) {
    pool = new DaemonPool("warren-loader-" + cacheName, THREADS);
  }

  void submit(Runnable load, @Nullable CompletionListener listener) {
    Load task = new Load(load, listener);
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      task.abandon();
    }
  }

  /** Waits for the running loads; those not begun end with an exception. */
  void close(long timeoutMillis) {
    for (Runnable left : pool.close(timeoutMillis)) {
      if (left instanceof Load load) {
        load.abandon();
      }
    }
  }

  /** Ends before it returns. */
  static void runHere(Runnable load, @Nullable CompletionListener listener) {
    new Load(load, listener).run();
  }

  static void complete(@Nullable CompletionListener listener) {
    if (listener != null) {
      listener.onCompletion();
    }
  }

  private record Load(Runnable load, @Nullable CompletionListener listener) implements Runnable {
    @Override
    public void run() {
      try {
        try {
          load.run();
        } catch (RuntimeException e) {
          fail(e);
          return;
        } catch (Error e) { // the listener must hear of it, and so must the thread's handler
          fail(new CacheException("loading failed", e));
          throw e;
        }
        complete(listener);
      } catch (RuntimeException e) {
        LOG.warn("WRN-0113 A completion listener failed; the load itself has ended", e);
      }
    }

    void abandon() {
      fail(new CacheException("the cache was closed before the load began"));
    }

    private void fail(RuntimeException failure) {
      if (listener != null) {
        listener.onException(failure);
      } else {
        LOG.warn("WRN-0114 A load in the background failed and no listener was given", failure);
      }
    }
  }
}
