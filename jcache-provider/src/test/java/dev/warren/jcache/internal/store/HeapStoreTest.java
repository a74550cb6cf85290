// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.store.HeapStore.Timers;
import dev.warren.jcache.internal.store.Store.Admission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapStoreTest {
  private static final Timers TIMERS = new Timers(() -> Instant.EPOCH, () -> {});

  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void allChanges_withTimes_oneWaitingEntryForEachThatIsThere() {
    AtomicInteger evicted = new AtomicInteger();
    HeapStore<Integer, String> store =
        HeapStore.bounded(new Bound.Entries<>(50), TIMERS, evicted::incrementAndGet);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int key = random.nextInt(100);
      StoredEntry<String> seen = store.get(key);
      switch (random.nextInt(5)) {
        case 0 -> store.remove(Admission.NONE, key);
        case 1 -> {
          if (seen != null) {
            store.touch(key, seen, 1 + random.nextInt(1_000_000));
          }
        }
        case 2 -> {
          if (seen != null) {
            store.expire(key, seen, random.nextInt(1_000_000));
          }
        }
        default -> store.put(Admission.NONE, key, "v", 1 + random.nextInt(1_000_000));
      }
      assertThat(store.waiting()).as("seed %s", seed).isEqualTo((int) store.size());
    }
    assertThat(evicted.get()).isPositive();
    store.clear(Admission.NONE);
    assertThat(store.waiting()).isZero();
  }

  @Test
  void put_neverExpires_waitsOnlyOnceItIsTouched() {
    HeapStore<String, String> store = HeapStore.unbounded(TIMERS, key -> false);
    store.put(Admission.NONE, "k", "v", ExpiryTimes.NEVER);
    assertThat(store.waiting()).isZero();

    store.touch("k", Objects.requireNonNull(store.get("k")), 10);
    assertThat(store.waiting()).isEqualTo(1);
  }

  @Test
  void expire_notYet_leavesIt() {
    HeapStore<String, String> store = HeapStore.unbounded(TIMERS, key -> false);
    store.put(Admission.NONE, "k", "v", 100);
    StoredEntry<String> seen = Objects.requireNonNull(store.get("k"));

    assertThat(store.expire("k", seen, 99)).isFalse();
    store.touch("k", seen, 200);
    assertThat(store.expire("k", seen, 100)).isFalse();
    assertThat(store.expire("k", seen, 200)).isTrue();
    assertThat(store.expire("k", seen, 200)).as("again").isFalse();
    store.touch("k", seen, 300);
    assertThat(store.get("k")).isNull();
    assertThat(store.waiting()).isZero();
  }

  /** A reader moves the time while somebody finds that it has come: just one of them succeeds. */
  @Test
  void touchAndExpire_atOnce_oneIsFirst() throws Exception {
    HeapStore<Integer, String> store = HeapStore.unbounded(TIMERS, key -> false);
    for (int i = 0; i < 10_000; i++) {
      int key = i;
      store.put(Admission.NONE, key, "v", 100);
      StoredEntry<String> seen = Objects.requireNonNull(store.get(key));
      Future<?> touch = threads.submit(() -> store.touch(key, seen, 200));
      boolean expired = store.expire(key, seen, 100);
      touch.get(10, TimeUnit.SECONDS);
      assertThat(store.get(key) == null).isEqualTo(expired);
      assertThat(seen.expiryMillis() == 200).isEqualTo(!expired);
    }
    assertThat(store.waiting()).isEqualTo((int) store.size());
  }

  @Test
  void allExchanges_withTimes_oneWaitingEntryForEachThatIsThere() {
    Set<Integer> inUse = new HashSet<>();
    HeapStore<Integer, String> store = HeapStore.unbounded(TIMERS, inUse::contains);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int done = 0;
    for (int i = 0; i < 20_000; i++) {
      int key = random.nextInt(100);
      StoredEntry<String> seen = store.get(key);
      int other = random.nextInt(100);
      switch (random.nextInt(8)) {
        case 0 -> inUse.add(other);
        case 1 -> inUse.remove(other);
        case 2 -> store.remove(Admission.NONE, key);
        case 3 -> store.put(Admission.NONE, key, "p" + i, 1 + random.nextInt(1_000_000));
        default -> {
          StoredEntry<String> expected = random.nextBoolean() ? seen : store.get(other);
          String value = random.nextInt(3) == 0 ? null : "x" + i;
          boolean exchanged = store.exchange(key, expected, value, 1 + random.nextInt(1_000_000));
          StoredEntry<String> now = store.get(key);
          assertThat(exchanged).isEqualTo(expected == seen && !inUse.contains(key));
          if (exchanged) {
            done++;
            assertThat(now == null ? null : now.value()).isEqualTo(value);
          } else {
            assertThat(now).isSameAs(seen);
          }
        }
      }
      assertThat(store.waiting()).as("seed %s", seed).isEqualTo((int) store.size());
    }
    assertThat(done).isPositive();
    store.clear(Admission.NONE);
    assertThat(store.waiting()).isZero();
    assertThat(store.size()).isZero();
  }

  /** The map is replaced between an exchange's look at it and its end. */
  @Test
  void exchange_clearedMeanwhile_isGoneAndWaitsNoMore() {
    List<Runnable> meanwhile = new ArrayList<>();
    HeapStore<String, String> store =
        HeapStore.unbounded(
            TIMERS,
            key -> {
              meanwhile.forEach(Runnable::run);
              return false;
            });
    meanwhile.add(() -> store.clear(Admission.NONE));

    assertThat(store.exchange("k", null, "v", 100)).isTrue();

    assertThat(store.get("k")).isNull();
    assertThat(store.waiting()).isZero();
  }

  /** An entry whose time has come before its exchange has put it in. */
  @Test
  void exchange_sweptMeanwhile_isFoundByTheNextSweep() {
    List<Runnable> meanwhile = new ArrayList<>();
    HeapStore<String, String> store =
        HeapStore.unbounded(
            TIMERS,
            key -> {
              meanwhile.forEach(Runnable::run);
              return false;
            });
    List<String> found = new ArrayList<>();
    LongConsumer sweep =
        nowMillis ->
            store.due(
                nowMillis,
                (key, entry) -> {
                  found.add(key);
                  store.expire(key, entry, nowMillis);
                });
    meanwhile.add(() -> sweep.accept(1_000));

    assertThat(store.exchange("k", null, "v", 100)).isTrue();

    assertThat(found).isEmpty();
    sweep.accept(1_500);
    assertThat(found).containsExactly("k");
    assertThat(store.size()).isZero();
    assertThat(store.waiting()).isZero();
  }

  /** Who takes an entry out may come before the entry has its place. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allOperations_atOnce_oneWaitingEntryForEachThatIsThere(boolean bounded) throws Exception {
    for (int round = 0; round < 20; round++) {
      HeapStore<Integer, String> store =
          bounded
              ? HeapStore.bounded(new Bound.Entries<>(4), TIMERS, () -> {})
              : HeapStore.unbounded(TIMERS, key -> false);
      long seed = new Random().nextLong();
      List<Future<?>> racers = new ArrayList<>();
      for (int racer = 0; racer < 2; racer++) {
        Random random = new Random(seed + racer);
        racers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    operate(store, random.nextInt(8), random, bounded);
                  }
                }));
      }
      for (Future<?> racer : racers) {
        racer.get(60, TimeUnit.SECONDS);
      }
      assertThat(store.waiting()).as("seed %s", seed).isEqualTo((int) store.size());
    }
  }

  /** What is put while a clear is at work belongs to the new map, and expires too. */
  @Test
  void clear_whileOthersExchange_whatIsThereWaits() throws Exception {
    HeapStore<Integer, String> store = HeapStore.unbounded(TIMERS, key -> false);
    for (int round = 0; round < 200; round++) {
      for (int key = 0; key < 2_000; key++) {
        store.put(Admission.NONE, key, "v", 1_000);
      }
      CountDownLatch clearing = new CountDownLatch(1);
      Future<?> clear =
          threads.submit(
              () -> {
                clearing.countDown();
                store.clear(Admission.NONE);
              });
      clearing.await();
      for (int key = 0; key < 2_000; key++) {
        store.exchange(key, store.get(key), "w", 1_000);
      }
      clear.get(10, TimeUnit.SECONDS);
      assertThat(store.waiting()).isEqualTo((int) store.size());
    }
  }

  private static void operate(
      HeapStore<Integer, String> store, int key, Random random, boolean bounded) {
    int expiryMillis = 1 + random.nextInt(1_000_000);
    StoredEntry<String> seen = store.get(key);
    switch (random.nextInt(bounded ? 4 : 8)) {
      case 0 -> store.remove(Admission.NONE, key);
      case 1 -> store.put(Admission.NONE, key, "p", expiryMillis);
      case 2 -> {
        if (seen != null) {
          store.touch(key, seen, expiryMillis);
        }
      }
      case 3 -> {
        if (seen != null) {
          store.expire(key, seen, 500_000);
        }
      }
      default -> store.exchange(key, seen, random.nextInt(3) == 0 ? null : "x", expiryMillis);
    }
  }

  @Test
  void exchange_bounded_isRefused() {
    HeapStore<String, String> store = HeapStore.bounded(new Bound.Entries<>(50), TIMERS, () -> {});
    assertThat(store.canExchange()).isFalse();
    assertThat(store.exchange("k", null, "v", 100)).isFalse();
    assertThat(store.size()).isZero();
  }
}
