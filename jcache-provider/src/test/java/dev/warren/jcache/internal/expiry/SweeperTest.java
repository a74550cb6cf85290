// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

  /** The application that Warren came with was taken down without closing its caches. */
  @Test
  void sweep_classLoaderOfOneIsClosed_forgetsIt() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    try (Closeable gone =
        sweeper.add(
            () -> {
              rounds.incrementAndGet();
              throw new NoClassDefFoundError("planned");
            })) {
      assertThat(sweeper.sweep()).isEqualTo(Left.NOTHING);
      sweeper.sweep();
      assertThat(gone).isNotNull();
    }
    assertThat(rounds).hasValue(1);
  }

  @Test
  void sweep_oneFailsAgainAndAgain_isLoggedOnce() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Sweeper.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try (Closeable bad =
        sweeper.add(
            () -> {
              throw new IllegalStateException("on purpose");
            })) {
      sweeper.sweep();
      sweeper.sweep();
      assertThat(bad).isNotNull();
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(logged.list).filteredOn(e -> e.getMessage().startsWith("WRN-0117")).hasSize(1);
  }

  @Test
  void or_bothWays_isTheMoreUrgent() {
    assertThat(Left.NOW.or(Left.LATER)).isEqualTo(Left.NOW);
    assertThat(Left.NOTHING.or(Left.LATER)).isEqualTo(Left.LATER);
    assertThat(Left.LATER.or(Left.LATER)).isEqualTo(Left.LATER);
  }

  @Test
  void onDaemonThread_sweeps_onADaemonThatKeepsNoLoader() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Sweeper own = Sweeper.onDaemonThread();
    try (Closeable membership =
        own.add(
            () -> {
              thread.complete(Thread.currentThread());
              return Left.NOTHING;
            })) {
      own.wake();
      Thread sweeping = thread.get(10, TimeUnit.SECONDS);
      assertThat(sweeping.isDaemon()).isTrue();
      assertThat(sweeping.getName()).isEqualTo("warren-expiry");
      assertThat(sweeping.getContextClassLoader()).isNull();
      assertThat(membership).isNotNull();
    }
  }

  /** An entry is queued after the last look into its cache: its wake-up must not be lost. */
  @Test
  void run_entryComesWhenItIsAboutToEnd_goesOn() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    CompletableFuture<Integer> end = new CompletableFuture<>();
    // 20 idle rounds, then the look after which it would end: there something has come
    try (Closeable membership =
        sweeper.add(
            () -> {
              int round = rounds.incrementAndGet();
              return round == 21 ? Left.LATER : Left.NOTHING;
            })) {
      sweeper.wake();
      Thread thread = new Thread(started.get(0));
      thread.start();
      thread.join(60_000);
      end.complete(rounds.get());
      assertThat(membership).isNotNull();
    }
    assertThat(end.get()).isEqualTo(42);
  }
}
