// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyLocksTest {
  private final KeyLocks<Key> locks = new KeyLocks<>("test");
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** All keys have one hash: they share whatever is shared by hash. */
  private record Key(int id) {
    @Override
    public int hashCode() {
      return 1;
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void lock_otherKeyOfSameHash_doesNotWait() throws Exception {
    KeyLocks.Hold held = locks.lock(new Key(1));
    threads.submit(() -> locks.lock(new Key(2)).close()).get(10, TimeUnit.SECONDS);
    held.close();
    assertThat(locks.inUse()).isZero();
  }

  @Test
  void lock_sameKey_isExclusiveAndReentrant() throws Exception {
    int[] plainCounter = {0};
    List<Future<?>> futures = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      futures.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  try (KeyLocks.Hold outer = locks.lock(new Key(1));
                      KeyLocks.Hold inner = locks.lock(new Key(1))) {
                    plainCounter[0]++;
                  }
                }
              }));
    }
    for (Future<?> future : futures) {
      future.get(30, TimeUnit.SECONDS);
    }
    assertThat(plainCounter[0]).isEqualTo(40_000);
    assertThat(locks.inUse()).isZero();
  }

  @Test
  void lockAll_inOppositeOrders_doesNotBlockForEver() throws Exception {
    List<Key> up = List.of(new Key(1), new Key(2), new Key(3));
    List<Key> down = List.of(new Key(3), new Key(2), new Key(1));
    int[] plainCounter = {0};
    List<Future<?>> futures = new ArrayList<>();
    for (List<Key> order : List.of(up, down, up, down)) {
      futures.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 3_000; i++) {
                  try (KeyLocks.Hold hold = locks.lockAll(order)) {
                    plainCounter[0]++;
                  }
                }
              }));
    }
    for (Future<?> future : futures) {
      future.get(60, TimeUnit.SECONDS);
    }
    assertThat(plainCounter[0]).isEqualTo(12_000);
    assertThat(locks.inUse()).isZero();
  }

  @Test
  void excludeAll_againstHolders_seesNoneInside() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    List<Future<?>> futures = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int id = t;
      futures.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  try (KeyLocks.Hold hold = locks.lock(new Key(id))) {
                    inside.incrementAndGet();
                    inside.decrementAndGet();
                  }
                }
              }));
    }
    for (int i = 0; i < 500; i++) {
      try (KeyLocks.Hold all = locks.excludeAll()) {
        assertThat(inside).hasValue(0);
      }
    }
    for (Future<?> future : futures) {
      future.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void excludeAll_whileKeyIsHeld_waitsAndLetsItsHolderReenter() throws Exception {
    KeyLocks.Hold outer = locks.lock(new Key(1));
    CountDownLatch cleared = new CountDownLatch(1);
    Future<?> clearer =
        threads.submit(
            () -> {
              locks.excludeAll().close();
              cleared.countDown();
            });
    Future<Boolean> newcomer =
        threads.submit(
            () -> {
              locks.lock(new Key(2)).close();
              return true;
            });
    locks.lock(new Key(3)).close();
    assertThat(cleared.getCount()).isEqualTo(1);
    outer.close();
    clearer.get(10, TimeUnit.SECONDS);
    assertThat(newcomer.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tryExcludeAll_keyHeldTooLong_givesUpAndOpensAgain() throws Exception {
    KeyLocks.Hold held = locks.lock(new Key(1));
    KeyLocks.Hold none = threads.submit(() -> locks.tryExcludeAll(20)).get(10, TimeUnit.SECONDS);
    assertThat(none).isNull();
    threads.submit(() -> locks.lock(new Key(2)).close()).get(10, TimeUnit.SECONDS);
    held.close();
  }

  @Test
  void excludeAll_byHolderOfKey_isRefused() {
    try (KeyLocks.Hold held = locks.lock(new Key(1))) {
      assertThatThrownBy(locks::excludeAll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("afterwards");
    }
  }

  @Test
  void afterRelease_underNestedHolds_runsWhenTheLastIsGone() {
    List<String> order = new ArrayList<>();
    try (KeyLocks.Hold outer = locks.lock(new Key(1))) {
      try (KeyLocks.Hold inner = new KeyLocks<String>("other").lock("of another cache")) {
        KeyLocks.afterRelease(() -> order.add("action"));
      }
      order.add("still held");
    }
    assertThat(order).containsExactly("still held", "action");
  }

  @Test
  void lock_contended_isHandedOver() throws Exception {
    KeyLocks.Hold held = locks.lock(new Key(1));
    Future<?> waiting = threads.submit(() -> locks.lock(new Key(1)).close());
    await("the second user is counted").until(() -> !waiting.isDone() && locks.inUse() == 1);
    held.close();
    waiting.get(10, TimeUnit.SECONDS);
    assertThat(locks.inUse()).isZero();
  }
}
