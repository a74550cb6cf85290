// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of one transport: daemons, named {@code warren-<what>-<cluster>}. */
final class TransportThreads {
  private final String cluster;
  private final ExecutorService callbacks;
  private final ExecutorService completions;
  private final ExecutorService background;
  private final ScheduledExecutorService heartbeats;

  TransportThreads(String cluster) {
    this.cluster = cluster;
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("peers"));
    one.allowCoreThreadTimeOut(true);
    this.callbacks = one;
    this.completions = Executors.newSingleThreadExecutor(named("confirms"));
    this.background = Executors.newCachedThreadPool(named("head"));
    this.heartbeats = Executors.newSingleThreadScheduledExecutor(named("heartbeat"));
  }

  ThreadFactory named(String what) {
    return task -> {
      Thread thread = new Thread(task, "warren-" + what + "-" + cluster);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Where the client delivers: peer messages are handled here, records offered or queued. */
  ExecutorService callbacks() {
    return callbacks;
  }

  /** Where stages are completed; on the caller's thread once closed. */
  Executor completions() {
    return task -> {
      try {
        completions.execute(task);
      } catch (RejectedExecutionException e) {
        task.run();
      }
    };
  }

  Executor background() {
    return task -> {
      try {
        background.execute(task);
      } catch (RejectedExecutionException e) {
        task.run();
      }
    };
  }

  ScheduledExecutorService heartbeats() {
    return heartbeats;
  }

  /**
   * Ends all threads; those that run a callback are waited for until the deadline. The client tells
   * its channels on the callbacks' thread that the connection is gone, and warns if they do not
   * hear it: that thread takes what comes and ends when a second passes without.
   */
  void close(long deadlineNs) throws InterruptedException {
    completions.shutdown();
    background.shutdownNow();
    heartbeats.shutdownNow();
    CountDownLatch drained = new CountDownLatch(1);
    callbacks.execute(drained::countDown);
    if (!drained.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      callbacks.shutdownNow();
    }
    if (!completions.awaitTermination(
        Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      completions.shutdownNow();
    }
  }
}
