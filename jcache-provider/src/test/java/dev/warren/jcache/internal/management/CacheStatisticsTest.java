// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.operation.StatisticsPort;
import dev.warren.jcache.internal.operation.StatisticsPort.Kind;
import dev.warren.jcache.internal.operation.Tally;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CacheStatisticsTest {
  private static final int CALLS = 100_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it wraps on the way
  private final AtomicLong looks = new AtomicLong();
  private final CacheStatistics statistics =
      new CacheStatistics(
          () -> {
            looks.incrementAndGet();
            return nanos.get();
          });

  @BeforeEach
  void enable() {
    statistics.enable(true);
  }

  private void call(Kind kind, long took) {
    long begun = statistics.begin(kind);
    nanos.addAndGet(took);
    statistics.record(tally(kind), begun);
  }

  private static Tally tally(Kind kind) {
    Tally tally = new Tally();
    switch (kind) {
      case READ -> tally.hit();
      case REMOVE -> tally.removal();
      case PUT, PROCESS -> tally.put();
    }
    return tally;
  }

  @Test
  void begin_disabled_isNotCounted() {
    statistics.enable(false);
    assertThat(statistics.begin(Kind.READ)).isEqualTo(StatisticsPort.NOT_COUNTED);
    assertThat(looks).hasValue(0);
  }

  @Test
  void averages_fewCalls_areExact() {
    for (int i = 1; i <= CacheStatistics.ONE_OF; i++) {
      call(Kind.READ, i * 1_000L);
    }
    assertThat(statistics.getAverageGetTime()).isEqualTo((CacheStatistics.ONE_OF + 1) / 2f);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"PUT", "REMOVE"})
  void averages_firstCallOfAKindAfterManyOthers_isTimed(Kind kind) {
    for (int i = 0; i < CALLS; i++) {
      call(Kind.READ, 1_000);
    }
    call(kind, 7_000);
    float average =
        kind == Kind.PUT ? statistics.getAveragePutTime() : statistics.getAverageRemoveTime();
    assertThat(average).isEqualTo(7);
  }

  /** 100,000 calls, about 1,560 of them timed: the bounds are eight standard errors away. */
  @Test
  void averages_manyCalls_areNearTheTruthAndMostAreNotTimed() {
    for (int i = 0; i < CALLS; i++) {
      call(Kind.PUT, i % 2 == 0 ? 1_000 : 3_000);
    }
    assertThat(statistics.getCachePuts()).isEqualTo(CALLS);
    assertThat(statistics.getAveragePutTime()).isBetween(1.8f, 2.2f);
    assertThat(looks.get()).isBetween(2_000L, 4_600L);
  }

  /** The slow ones stand at the beginning, and must not count more than they are. */
  @Test
  void averages_slowStart_countsAsWhatItIs() {
    for (int i = 0; i < CacheStatistics.ONE_OF; i++) {
      call(Kind.PUT, 1_000_000);
    }
    for (int i = 0; i < CALLS; i++) {
      call(Kind.PUT, 1_000);
    }
    // 64 ms and 100 ms, in 100,064 calls: 1.64 us
    assertThat(statistics.getAveragePutTime()).isBetween(1.4f, 1.9f);
  }

  @Test
  void clear_afterCalls_beginsAnew() {
    call(Kind.PUT, 5_000);
    statistics.clear();
    assertThat(statistics.getAveragePutTime()).isZero();
    assertThat(statistics.getCachePuts()).isZero();
    call(Kind.PUT, 3_000);
    assertThat(statistics.getAveragePutTime()).isEqualTo(3);
  }
}
