// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Daemon threads for one purpose of one cache; there are none while there is nothing to do. */
public final class DaemonPool implements Executor {
  private static final long IDLE_SECONDS = 5;

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor pool;

  /**
   * The threads have the context class loader of who calls this, whoever happens to start them.
   *
   * @param name of the threads: {@code warren-loader-prices}
   */
  public DaemonPool(String name, int size) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    pool =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(() -> runAndForget(task), name);
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Number of tasks that wait. */
  public int waiting() {
    return pool.getQueue().size();
  }

  private void runAndForget(Runnable task) {
    threads.add(Thread.currentThread());
    try {
      task.run();
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /**
   * @throws RejectedExecutionException after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /**
   * Takes no more tasks and waits for the running ones, unless one of them is the caller; those
   * that take longer are interrupted.
   *
   * @return the tasks that were not begun
   */
  public List<Runnable> close(long timeoutMillis) {
    List<Runnable> left = new ArrayList<>();
    pool.getQueue().drainTo(left);
    pool.shutdown();
    if (!threads.contains(Thread.currentThread())) {
      try {
        if (!pool.awaitTermination(timeoutMillis, TimeUnit.MILLISECONDS)) {
          pool.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return left;
  }
}
