// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SweeperTest {
  private final List<Runnable> started = new ArrayList<>();
  private final Sweeper sweeper = new Sweeper(started::add);

  @Test
  void wake_often_startsOneThread() {
    for (int i = 0; i < 100; i++) {
      sweeper.wake();
    }

    assertThat(started).hasSize(1);
  }

  @Test
  void sweep_oneThrows_sweepsTheOthers() throws Exception {
    AtomicInteger swept = new AtomicInteger();
    try (Closeable bad =
            sweeper.add(
                () -> {
                  throw new IllegalStateException("on purpose");
                });
        Closeable good =
            sweeper.add(
                () -> {
                  swept.incrementAndGet();
                  return Left.NOTHING;
                })) {
      assertThat(sweeper.sweep()).isEqualTo(Left.LATER);
      assertThat(bad).isNotSameAs(good);
    }
    assertThat(swept.get()).isEqualTo(1);
    assertThat(sweeper.sweep()).as("all closed").isEqualTo(Left.NOTHING);
  }

  /** A cache that nobody closed. */
  @Test
  void add_nobodyRefersToIt_isForgotten() {
    sweeper.add(new Endless());
    await()
        .until(
            () -> {
              System.gc();
              return sweeper.sweep() == Left.NOTHING;
            });
  }

  private static final class Endless implements Sweeper.Swept {
    @Override
    public Left sweep() {
      return Left.LATER;
    }
  }

  @Test
  void run_nothingLeft_endsAndCanBeWokenAgain() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    Thread[] thread = new Thread[1];
    Sweeper own =
        new Sweeper(
            task -> {
              thread[0] = new Thread(task, "sweeper of a test");
              thread[0].setDaemon(true);
              thread[0].start();
            });
    try (Closeable membership =
        own.add(() -> rounds.incrementAndGet() < 100 ? Left.NOW : Left.NOTHING)) {
      own.wake();
      @Nullable Thread first = thread[0];
      assertThat(first).isNotNull();
      first.join(60_000);
      assertThat(first.isAlive()).as("the first thread").isFalse();
      assertThat(rounds.get()).isGreaterThan(100);
      own.wake();
      assertThat(thread[0]).isNotSameAs(first);
      assertThat(membership).isNotNull();
    }
  }
}
