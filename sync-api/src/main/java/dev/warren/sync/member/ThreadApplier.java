// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An applier on one daemon thread. A task that throws is reported and does not end the thread. */
public final class ThreadApplier implements Applier, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadApplier.class);

  private final ScheduledThreadPoolExecutor executor;

  public ThreadApplier(String threadName) {
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.trace("a task came after the end", e);
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // run() reports what fails
  public void schedule(Duration delay, Runnable task) {
    try {
      executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("a task came after the end", e);
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("WRN-0206 a task of the applier failed; please report this", e);
    }
  }

  @Override
  public long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
