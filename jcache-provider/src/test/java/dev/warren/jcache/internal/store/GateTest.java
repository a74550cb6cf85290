// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final long LONG = 60_000;

  private final Gate gate = new Gate();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private boolean passesElsewhere() throws Exception {
    return threads
        .submit(
            () -> {
              boolean passed = gate.tryPass();
              if (passed) {
                gate.leave();
              }
              return passed;
            })
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void tryPass_openClosedAndOpenAgain_followsTheGate() throws Exception {
    assertThat(passesElsewhere()).isTrue();
    assertThat(gate.close(LONG, () -> {})).isTrue();
    assertThat(passesElsewhere()).isFalse();
    gate.open();
    assertThat(passesElsewhere()).isTrue();
  }

  @Test
  void closer_fromCloseToOpen_isTheClosingThread() {
    assertThat(gate.closer()).isNull();
    gate.close(LONG, () -> assertThat(gate.closer()).isSameAs(Thread.currentThread()));
    assertThat(gate.closer()).isSameAs(Thread.currentThread());
    gate.open();
    assertThat(gate.closer()).isNull();
  }

  @Test
  void close_oneInside_waitsUntilItLeaves() throws Exception {
    assertThat(gate.tryPass()).isTrue();
    CountDownLatch closing = new CountDownLatch(1);
    Future<Boolean> closed = threads.submit(() -> gate.close(LONG, closing::countDown));
    closing.await(10, TimeUnit.SECONDS);
    assertThat(closed.isDone()).isFalse();

    gate.leave();

    assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(gate.tryPass()).isFalse();
  }

  /** Each thread of a row of ids has another stripe: the closer must look at all. */
  @Test
  void close_oneInsideOfAnyStripe_givesUpAndOpensAgain() throws Exception {
    for (int i = 0; i < 32; i++) {
      Thread passer = new Thread(() -> assertThat(gate.tryPass()).isTrue());
      passer.start();
      passer.join();
      assertThat(gate.close(1, () -> {})).as("passer %d", passer.getId()).isFalse();
      assertThat(gate.closer()).isNull();
    }
  }

  @Test
  void close_closedByAnother_givesUpInTimeAndLeavesItClosed() throws Exception {
    Thread other = new Thread(() -> gate.close(LONG, () -> {}));
    other.start();
    other.join();

    assertThat(gate.close(20, () -> {})).isFalse();
    assertThat(gate.closer()).isSameAs(other);
    assertThat(gate.tryPass()).isFalse();
  }

  @Test
  void close_closedByAnother_hasItsTurnAfterwards() throws Exception {
    gate.close(LONG, () -> {});
    Future<Boolean> second = threads.submit(() -> gate.close(LONG, () -> {}));
    assertThat(second.isDone()).isFalse();
    gate.open();
    assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(gate.closer()).isNotNull().isNotSameAs(Thread.currentThread());
  }

  @Test
  void close_callbackThrows_isOpenAgain() throws Exception {
    assertThatThrownBy(
            () ->
                gate.close(
                    LONG,
                    () -> {
                      throw new IllegalStateException("planned");
                    }))
        .hasMessage("planned");
    assertThat(gate.closer()).isNull();
    assertThat(passesElsewhere()).isTrue();
  }

  @Test
  void close_interruptedWhileItWaits_waitsOnAndStaysInterrupted() throws Exception {
    assertThat(gate.tryPass()).isTrue();
    CountDownLatch closing = new CountDownLatch(1);
    boolean[] closed = new boolean[2];
    Thread closer =
        new Thread(
            () -> {
              closed[0] = gate.close(LONG, closing::countDown);
              closed[1] = Thread.currentThread().isInterrupted();
            });
    closer.start();
    closing.await(10, TimeUnit.SECONDS);
    await("it waits").until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    closer.interrupt();
    await("it waits again").until(() -> !closer.isInterrupted());
    assertThat(closer.isAlive()).isTrue();

    gate.leave();

    closer.join(10_000);
    assertThat(closed).containsExactly(true, true);
  }

  @Test
  void close_interruptedBefore_closesAndStaysInterrupted() throws Exception {
    assertThat(gate.tryPass()).isTrue();
    Future<Boolean> stillInterrupted =
        threads.submit(
            () -> {
              Thread.currentThread().interrupt();
              assertThat(gate.close(20, () -> {})).isFalse();
              return Thread.interrupted();
            });
    assertThat(stillInterrupted.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void pass_closed_waitsUntilItOpensAndIsCounted() throws Exception {
    gate.close(LONG, () -> {});
    CountDownLatch leave = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    Thread passer =
        new Thread(
            () -> {
              gate.pass();
              inside.countDown();
              awaitQuietly(leave);
              gate.leave();
            });
    passer.start();
    await("it waits").until(() -> passer.getState() == Thread.State.WAITING);
    assertThat(inside.getCount()).isEqualTo(1);

    gate.open();

    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(gate.close(1, () -> {})).as("it is inside").isFalse();
    leave.countDown();
    passer.join(10_000);
    assertThat(gate.close(1, () -> {})).as("it has left").isTrue();
  }

  @Test
  void pass_open_isCounted() throws Exception {
    gate.pass();
    assertThat(threads.submit(() -> gate.close(1, () -> {})).get(10, TimeUnit.SECONDS)).isFalse();
    gate.leave();
    assertThat(threads.submit(() -> gate.close(1, () -> {})).get(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
