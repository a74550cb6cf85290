// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonPoolTest {
  private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  private void untilTold() {
    begun.countDown();
    try {
      interrupted.complete(!end.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      interrupted.complete(true);
    }
  }

  @Test
  void execute_task_runsOnANamedDaemonWithItsMakersLoader() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
      Thread.currentThread().setContextClassLoader(loader);
      DaemonPool pool = new DaemonPool("warren-test-pool", 1);
      Thread.currentThread().setContextClassLoader(before);
      CompletableFuture<Thread> ran = new CompletableFuture<>();
      CompletableFuture<ClassLoader> with = new CompletableFuture<>();
      pool.execute(
          () -> {
            with.complete(Thread.currentThread().getContextClassLoader());
            ran.complete(Thread.currentThread());
          });

      Thread thread = ran.get(10, TimeUnit.SECONDS);
      assertThat(thread.isDaemon()).isTrue();
      assertThat(thread.getName()).isEqualTo("warren-test-pool");
      assertThat(with.get(10, TimeUnit.SECONDS)).isSameAs(loader);
      pool.close(10_000);
      await("the pool has no thread").until(() -> !thread.isAlive());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void close_tasksWait_givesThemBackAndWaitsForTheRunningOne() throws Exception {
    DaemonPool pool = new DaemonPool("warren-test-pool", 1);
    pool.execute(this::untilTold);
    begun.await(10, TimeUnit.SECONDS);
    Runnable second = () -> {};
    assertThat(pool.waiting()).isZero();
    pool.execute(second);
    assertThat(pool.waiting()).isEqualTo(1);
    CompletableFuture<List<Runnable>> left =
        CompletableFuture.supplyAsync(() -> pool.close(20_000));
    await("it takes no more tasks")
        .until(
            () -> {
              try {
                pool.execute(() -> {});
                return false;
              } catch (RejectedExecutionException e) {
                return true;
              }
            });
    assertThat(left).isNotDone();

    end.countDown();

    assertThat(left.get(10, TimeUnit.SECONDS)).contains(second);
    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
    assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void close_taskTakesTooLong_isInterrupted() throws Exception {
    DaemonPool pool = new DaemonPool("warren-test-pool", 1);
    pool.execute(this::untilTold);
    begun.await(10, TimeUnit.SECONDS);

    assertThat(pool.close(10)).isEmpty();

    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_byOneOfItsTasks_doesNotWaitForIt() throws Exception {
    DaemonPool pool = new DaemonPool("warren-test-pool", 1);
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    pool.execute(
        () -> {
          pool.close(60_000);
          closed.complete(Thread.currentThread().isInterrupted());
        });

    assertThat(closed.get(10, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void close_interruptedCaller_staysInterrupted() throws Exception {
    DaemonPool pool = new DaemonPool("warren-test-pool", 1);
    pool.execute(this::untilTold);
    begun.await(10, TimeUnit.SECONDS);
    Thread.currentThread().interrupt();

    pool.close(60_000);

    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
  }
}
