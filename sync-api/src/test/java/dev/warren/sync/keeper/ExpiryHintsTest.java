// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExpiryHintsTest {

  private static final long BEGIN = 1_767_225_600_000L;

  private final ExpiryHints hints = new ExpiryHints(BEGIN, List.of());

  private static Bytes key(int number) {
    return Bytes.wrap(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
  }

  private Set<Bytes> upAt(long millis) {
    hints.advance(millis);
    Set<Bytes> keys = new TreeSet<>();
    for (Bytes key = hints.next(); key != null; key = hints.next()) {
      keys.add(key);
    }
    return keys;
  }

  /** As the keeper uses it, with a model: what has expired comes up within a tick and a step. */
  @Test
  void advance_randomTimesMovesAndLeaps_everyKeyComesUpInTime() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<Bytes, Long> living = new HashMap<>();
    long now = BEGIN;
    long gone = 0;
    for (int step = 0; step < 20_000; step++) {
      Bytes key = key(random.nextInt(500));
      long before = living.getOrDefault(key, Event.NEVER);
      long after =
          switch (random.nextInt(4)) {
            case 0 -> Event.NEVER;
            case 1 -> now + random.nextLong(100_000_000);
            default -> now + random.nextInt(30_000);
          };
      hints.move(key, before, after);
      living.put(key, after);
      now += random.nextInt(1_000) == 0 ? random.nextLong(50_000_000) : random.nextInt(500);
      for (Bytes up : upAt(now)) {
        long expiryMillis = living.getOrDefault(up, Event.NEVER);
        if (expiryMillis <= now) {
          living.remove(up);
          gone++;
        } else {
          hints.put(up, expiryMillis);
        }
      }
      long bound = now - 256;
      assertThat(living.values())
          .as("seed %d, step %d", seed, step)
          .allMatch(expiryMillis -> expiryMillis > bound);
    }
    assertThat(gone).as("seed %d", seed).isGreaterThan(1_000);
  }

  @Test
  void move_sameKeyAgainAndAgain_keepsOnePlace() {
    long expiryMillis = Event.NEVER;
    for (int i = 0; i < 10_000; i++) {
      long next = BEGIN + (i % 3) * 3_600_000L + i * 300L;
      hints.move(key(1), expiryMillis, next);
      expiryMillis = next;
    }
    assertThat(hints.waiting()).isEqualTo(1);
    hints.move(key(1), expiryMillis, Event.NEVER);
    assertThat(hints.waiting()).isZero();
  }

  @Test
  void next_keysOfTheBeginning_comeUpAtOnce() {
    ExpiryHints begun = new ExpiryHints(BEGIN, List.of(key(1), key(2)));
    assertThat(begun.hasNext()).isTrue();
    assertThat(List.of(begun.next(), begun.next())).containsExactly(key(1), key(2));
    assertThat(begun.next()).isNull();
  }

  @Test
  void put_timeIsPast_comesUpInTheNextTick() {
    hints.put(key(1), BEGIN - 1_000_000);
    assertThat(upAt(BEGIN)).isEmpty();
    assertThat(upAt(BEGIN + 256)).containsExactly(key(1));
  }
}
