// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.store.HeapStore.Timers;
import dev.warren.jcache.internal.store.Store.Admission;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
}
