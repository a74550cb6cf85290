// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.api.CyclicWaitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that hold keys and want more: whoever would wait for himself is told, nobody hangs. */
class KeyCycleTest {
  private final KeyLocks<Integer> locks = new KeyLocks<>("first");
  private final KeyLocks<Integer> others = new KeyLocks<>("second");
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    assertThat(WaitGraph.size()).isZero();
  }

  private interface Step {
    KeyLocks.Hold take();
  }

  /** Takes the first, waits until all have theirs, takes the second; true if that was a cycle. */
  private static Callable<Boolean> crossing(CyclicBarrier all, Step first, Step second) {
    return () -> {
      try (KeyLocks.Hold outer = first.take()) {
        all.await(20, TimeUnit.SECONDS);
        try (KeyLocks.Hold inner = second.take()) {
          return false;
        } catch (CyclicWaitException e) {
          assertThat(e).hasMessageContaining("\"first\"").hasMessageContaining("by the first");
          return true;
        }
      }
    };
  }

  private void assertOneGivesWay(List<Callable<Boolean>> crossings) throws Exception {
    int cycles = 0;
    List<Future<Boolean>> futures = new ArrayList<>();
    crossings.forEach(crossing -> futures.add(threads.submit(crossing)));
    for (Future<Boolean> future : futures) {
      cycles += future.get(20, TimeUnit.SECONDS) ? 1 : 0;
    }
    assertThat(cycles).isEqualTo(1);
    assertThat(locks.inUse() + others.inUse()).isZero();
  }

  @Test
  void lock_twoKeysCrossed_oneIsTold() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assertOneGivesWay(
        List.of(
            crossing(both, () -> locks.lock(1), () -> locks.lock(2)),
            crossing(both, () -> locks.lock(2), () -> locks.lock(1))));
  }

  @Test
  void lock_keysOfTwoCachesCrossed_oneIsTold() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assertOneGivesWay(
        List.of(
            crossing(both, () -> locks.lock(1), () -> others.lock(1)),
            crossing(both, () -> others.lock(1), () -> locks.lock(1))));
  }

  @Test
  void lock_ringOfFive_oneIsTold() throws Exception {
    CyclicBarrier all = new CyclicBarrier(5);
    List<Callable<Boolean>> ring = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int key = i;
      ring.add(crossing(all, () -> locks.lock(key), () -> locks.lock((key + 1) % 5)));
    }
    assertOneGivesWay(ring);
  }

  @Test
  void lockAll_againstHolderOfOne_oneIsTold() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assertOneGivesWay(
        List.of(
            crossing(both, () -> locks.lockAll(List.of(1, 2)), () -> locks.lock(3)),
            crossing(both, () -> locks.lock(3), () -> locks.lockAll(List.of(4, 2)))));
  }

  @Test
  void excludeAll_whoseHolderWaitsForTheExcluder_oneIsTold() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assertOneGivesWay(
        List.of(
            crossing(both, () -> locks.lock(1), others::excludeAll),
            crossing(both, () -> others.lock(1), () -> locks.lock(1))));
  }

  @Test
  void excludeAll_bothCachesCrossed_oneIsTold() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    assertOneGivesWay(
        List.of(
            crossing(both, () -> locks.lock(1), others::excludeAll),
            crossing(both, () -> others.lock(1), locks::excludeAll)));
  }

  @Test
  void excludeAll_betweenTwoThatPassEachOthersGate_oneOfAllIsTold() throws Exception {
    // Neither key is wanted by both: only the third, who waits for all, closes the ring.
    CyclicBarrier two = new CyclicBarrier(2);
    List<Future<Boolean>> futures = new ArrayList<>();
    futures.add(threads.submit(crossing(two, () -> locks.lock(1), () -> others.lock(2))));
    futures.add(threads.submit(crossing(two, () -> others.lock(1), () -> locks.lock(1))));
    futures.add(
        threads.submit(
            () -> {
              try (KeyLocks.Hold all = others.excludeAll()) {
                return false;
              } catch (CyclicWaitException e) {
                return true;
              }
            }));
    for (Future<Boolean> future : futures) {
      future.get(20, TimeUnit.SECONDS); // whoever was told, or nobody if the third came late
    }
    assertThat(locks.inUse() + others.inUse()).isZero();
  }

  @Test
  void lock_sameKeyAgain_isNoCycle() {
    try (KeyLocks.Hold outer = locks.lock(1);
        KeyLocks.Hold several = locks.lockAll(List.of(1, 2));
        KeyLocks.Hold inner = locks.lock(2)) {
      assertThat(locks.inUse()).isEqualTo(2);
    }
    assertThat(locks.inUse()).isZero();
  }

  @Test
  void lock_inOneOrderByAll_isNeverTakenForACycle() throws Exception {
    run(
        4,
        random -> {
          int low = random.nextInt(4);
          try (KeyLocks.Hold outer = locks.lock(low);
              KeyLocks.Hold inner = locks.lock(low + 1 + random.nextInt(3));
              KeyLocks.Hold other = others.lock(random.nextInt(3))) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void lock_inAnyOrderByAll_endsWithSomeTold() throws Exception {
    AtomicInteger cycles = new AtomicInteger();
    AtomicInteger completed = new AtomicInteger();
    run(
        4,
        random -> {
          try (KeyLocks.Hold outer = any(random)) {
            Thread.onSpinWait();
            try (KeyLocks.Hold inner = any(random)) {
              completed.incrementAndGet();
            }
          } catch (CyclicWaitException e) {
            cycles.incrementAndGet();
          } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("afterwards");
          }
        });
    assertThat(cycles).hasPositiveValue();
    assertThat(completed).hasPositiveValue();
  }

  private KeyLocks.Hold any(Random random) {
    KeyLocks<Integer> of = random.nextBoolean() ? locks : others;
    return switch (random.nextInt(8)) {
      case 0 -> of.excludeAll();
      case 1 -> of.lockAll(List.of(random.nextInt(2), 2, 3));
      default -> of.lock(random.nextInt(4));
    };
  }

  private interface Body {
    void run(Random random);
  }

  private void run(int count, Body body) throws Exception {
    long seed = 20_261_121;
    List<Future<?>> futures = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      Random random = new Random(seed + t);
      futures.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  body.run(random);
                }
              }));
    }
    for (Future<?> future : futures) {
      future.get(60, TimeUnit.SECONDS);
    }
    assertThat(locks.inUse() + others.inUse()).as("seed %d", seed).isZero();
  }

  @Test
  void tryLock_busyKeyOrClosedGate_isRefusedAtOnce() throws Exception {
    KeyLocks.Hold held = locks.lock(1);
    assertThat(threads.submit(() -> locks.tryLock(1)).get(10, TimeUnit.SECONDS)).isNull();
    threads
        .submit(
            () -> {
              KeyLocks.Hold free = locks.tryLock(2);
              assertThat(free).isNotNull();
              free.close();
            })
        .get(10, TimeUnit.SECONDS);
    held.close();
    try (KeyLocks.Hold all = locks.excludeAll()) {
      assertThat(threads.submit(() -> locks.tryLock(1)).get(10, TimeUnit.SECONDS)).isNull();
    }
    assertThat(locks.inUse()).isZero();
  }

  @Test
  void afterRelease_firstActionFails_othersRunAndTheFailureComesOut() {
    List<String> ran = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              try (KeyLocks.Hold hold = locks.lock(1)) {
                KeyLocks.afterRelease(
                    () -> {
                      throw new AssertionError("planned");
                    });
                KeyLocks.afterRelease(() -> ran.add("second"));
              }
            })
        .isInstanceOf(AssertionError.class);
    assertThat(ran).containsExactly("second");
    assertThat(KeyLocks.isAnyHeldHere()).isFalse();
  }
}
