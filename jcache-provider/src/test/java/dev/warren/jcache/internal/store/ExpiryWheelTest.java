// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.expiry.Sweeper.Left;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExpiryWheelTest {
  private static final long START = 1_000_000;
  private static final long PERIOD = 250;

  private long nowMillis = START;
  private final AtomicInteger wakes = new AtomicInteger();
  private final ExpiryWheel<String, String> wheel =
      new ExpiryWheel<>(() -> Instant.ofEpochMilli(nowMillis), wakes::incrementAndGet);

  private TimedEntry<String, String> entered(String key, String value, long expiryMillis) {
    TimedEntry<String, String> entry = wheel.entry(key, value, expiryMillis);
    wheel.enter(entry);
    return entry;
  }

  /** Visits what is due now; entries that have expired leave. */
  private List<String> due() {
    List<String> keys = new ArrayList<>();
    Left left = Left.NOW;
    while (left == Left.NOW) {
      left =
          wheel.due(
              nowMillis,
              (key, entry) -> {
                assertThat(entry.expiryMillis()).as(key).isLessThanOrEqualTo(nowMillis);
                wheel.leave(entry);
                keys.add(key);
              });
    }
    if (wheel.size() > 0) { // else the last one may have left just now
      assertThat(left).isEqualTo(Left.LATER);
    }
    return keys;
  }

  @Test
  void due_randomTimesMovesAndRemovals_visitsEachOnceWithinASecond() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, TimedEntry<String, String>> live = new HashMap<>();
    int visited = 0;
    for (int step = 0; step < 200_000; step++) {
      nowMillis += random.nextInt(100) == 0 ? random.nextInt(100_000) : PERIOD;
      String key = "k" + step;
      TimedEntry<String, String> entry = entered(key, "v", time(random));
      live.put(key, entry);
      if (random.nextInt(4) == 0) {
        TimedEntry<String, String> moved = live.get("k" + random.nextInt(step + 1));
        if (moved != null && moved.move(time(random))) {
          wheel.move(moved);
        }
      }
      if (random.nextInt(4) == 0) {
        TimedEntry<String, String> removed = live.remove("k" + random.nextInt(step + 1));
        if (removed != null) {
          wheel.leave(removed);
          wheel.move(removed); // a late reader's: has no effect
        }
      }
      for (String gone : due()) {
        assertThat(live.remove(gone)).as("seed %s: %s comes once", seed, gone).isNotNull();
        visited++;
      }
      if (step % 1_000 == 0) {
        long late = nowMillis - 1_000 + PERIOD;
        assertThat(live.values())
            .as("seed %s", seed)
            .allSatisfy(waiting -> assertThat(waiting.expiryMillis()).isGreaterThan(late));
        assertThat(wheel.size()).as("seed %s", seed).isLessThanOrEqualTo(live.size());
      }
    }
    assertThat(visited).isGreaterThan(10_000);
  }

  private long time(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> ExpiryTimes.NEVER;
      case 1 -> nowMillis + Duration.ofDays(random.nextInt(10_000)).toMillis();
      case 2 -> nowMillis - random.nextInt(400);
      default -> nowMillis + (1L << random.nextInt(30)) + random.nextInt(1_000);
    };
  }

  @Test
  void due_visitorCannotTakeIt_comesAgain() {
    TimedEntry<String, String> entry = entered("k", "v", START + 10);
    AtomicInteger visits = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      nowMillis += PERIOD;
      wheel.due(nowMillis, (key, due) -> visits.incrementAndGet());
    }

    assertThat(visits.get()).isBetween(8, 10);
    assertThat(wheel.size()).isEqualTo(1);
    wheel.leave(entry);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void move_touchedAThousandTimes_hasOnePlace() {
    TimedEntry<String, String> entry = entered("k", "v", START + 1_000);
    for (int i = 0; i < 1_000; i++) {
      if (entry.move(START + (i % 2 == 0 ? 500 : 2_000) + i)) {
        wheel.move(entry);
      }
      assertThat(wheel.size()).isEqualTo(1);
    }
  }

  @Test
  void due_clockLeaps_allThatHasExpiredComesAtOnce() {
    for (int day = 1; day <= 100; day++) {
      entered("d" + day, "v", START + Duration.ofDays(day).toMillis());
    }
    nowMillis = START + Duration.ofDays(90).toMillis() + 1_000;

    assertThat(due()).hasSize(90);

    nowMillis = START + Duration.ofDays(80).toMillis(); // set back
    TimedEntry<String, String> soon = entered("soon", "v", nowMillis + 1_000);
    assertThat(due()).isEmpty();
    nowMillis += 1_000 + 2 * PERIOD;
    assertThat(due()).containsExactly("soon");
    assertThat(soon.slot).isEqualTo(TimedEntry.GONE);
  }

  @Test
  void due_moreThanOneRoundsWork_saysSo() {
    for (int i = 0; i < 5_000; i++) {
      entered("k" + i, "v", START + 100);
    }
    nowMillis += 1_000;
    List<String> keys = new ArrayList<>();

    assertThat(wheel.due(nowMillis, (key, entry) -> keys.add(key))).isEqualTo(Left.NOW);
    assertThat(keys).hasSizeLessThan(5_000);
  }

  @Test
  void clear_entriesOfIt_neverComeBack() {
    TimedEntry<String, String> entry = entered("k", "v", START + 5_000);
    wheel.clear();
    entry.move(START + 100);
    wheel.move(entry);

    assertThat(wheel.size()).isZero();
  }

  /** Between the map's step and this a bound, or another exchange, has dropped it. */
  @Test
  void enter_takenOutBefore_getsNoPlace() {
    TimedEntry<String, String> entry = wheel.entry("k", "v", START + 5_000);
    wheel.leave(entry);
    wheel.enter(entry);
    assertThat(wheel.size()).isZero();

    TimedEntry<String, String> old = entered("k", "v", START + 5_000);
    TimedEntry<String, String> next = wheel.entry("k", "w", START + 5_000);
    wheel.leave(next);
    wheel.replaced(old, next);
    assertThat(wheel.size()).isZero();
  }

  /** Of one thread or of two, so that the two entries belong to one stripe, or perhaps to two. */
  @Test
  void replaced_byAnyThread_oneEntersTheOtherLeaves() {
    for (int i = 0; i < 8; i++) {
      String key = "k" + i;
      TimedEntry<String, String> old = entered(key, "v", START + 5_000);
      TimedEntry<String, String> next =
          CompletableFuture.supplyAsync(
                  () -> wheel.entry(new String(key), "w", START + 1_000),
                  task -> new Thread(task).start())
              .join();
      int before = wakes.get();
      wheel.replaced(old, next);

      assertThat(old.slot).isEqualTo(TimedEntry.GONE);
      assertThat(next.key).as("the instance that the map has").isSameAs(key);
      assertThat(wheel.size()).isEqualTo(i + 1);
      assertThat(wakes.get()).isEqualTo(before + 1);
    }
    nowMillis += 1_000 + 2 * PERIOD;
    assertThat(due()).hasSize(8);
  }

  @Test
  void replaced_byOneThatNeverExpires_leavesNothing() {
    TimedEntry<String, String> old = entered("k", "v", START + 5_000);
    wheel.replaced(old, wheel.entry("k", "w", ExpiryTimes.NEVER));

    assertThat(wheel.size()).isZero();
  }
}
