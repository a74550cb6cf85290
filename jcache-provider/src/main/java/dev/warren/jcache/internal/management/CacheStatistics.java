// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import dev.warren.jcache.internal.operation.StatisticsPort;
import dev.warren.jcache.internal.operation.Tally;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * The figures of one cache. Percentages are 0 to 100, averages in microseconds; 0 without calls.
 *
 * <p>Every call is counted, but of many only one in {@value #ONE_OF}, chosen at random, is timed: a
 * look at the clock takes about as long as a {@code get}, and a timed call needs two. A timed call
 * stands for {@value #ONE_OF} in the averages. Of each kind the first {@value #ONE_OF} calls are
 * timed one and all, and stand for themselves, so that few calls have averages that are exact.
 *
 * <p>What {@link #begin} gives has in its two lowest bits one of the marks below, and above them,
 * if the call is timed, when it began. Nanoseconds keep their full resolution and lose their
 * highest two bits, which a difference does not need: no call takes 73 years.
 */
public final class CacheStatistics implements StatisticsPort, CacheStatisticsMXBean {
  private static final float NANOS_PER_MICRO = 1_000f;

  /** A power of two. */
  static final int ONE_OF = 64;

  private static final int MARK_BITS = 2;
  private static final long MARKS = (1 << MARK_BITS) - 1;
  private static final long UNTIMED = 1;
  private static final long TIMED_FOR_ITSELF = 2;
  private static final long TIMED_FOR_MANY = 3;

  private final LongSupplier clock;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final Times getTimes = new Times();
  private final Times putTimes = new Times();
  private final Times removeTimes = new Times();
  private volatile boolean enabled;

  /**
   * How many calls of each kind were timed for themselves. Racing ones may lose a step: no harm.
   */
  private final int[] first = new int[Kind.values().length];

  /** Durations of the timed calls. */
  private static final class Times {
    private final LongAdder nanos = new LongAdder();
    private final LongAdder count = new LongAdder();

    void add(long sumNanos, long calls) {
      nanos.add(sumNanos);
      count.add(calls);
    }

    float averageMicros() {
      long calls = count.sum();
      return calls == 0 ? 0 : nanos.sum() / NANOS_PER_MICRO / calls;
    }

    void reset() {
      nanos.reset();
      count.reset();
    }
  }

  public CacheStatistics() {
    this(System::nanoTime);
  }

  CacheStatistics(LongSupplier clock) {
    this.clock = clock;
  }

  public void enable(boolean enable) {
    enabled = enable;
  }

  public boolean isEnabled() {
    return enabled;
  }

  @SuppressWarnings(
      "EnumOrdinal") // an index within this run; a map would take longer than the call
  @Override
  public long begin(Kind kind) {
    if (!enabled) {
      return NOT_COUNTED;
    }
    int index = kind.ordinal();
    if (first[index] < ONE_OF) {
      first[index]++;
      return clock.getAsLong() << MARK_BITS | TIMED_FOR_ITSELF;
    }
    return (ThreadLocalRandom.current().nextInt() & (ONE_OF - 1)) == 0
        ? clock.getAsLong() << MARK_BITS | TIMED_FOR_MANY
        : UNTIMED;
  }

  @Override
  public void record(Tally tally, long begun) {
    add(hits, tally.hits());
    add(misses, tally.misses());
    add(puts, tally.puts());
    add(removals, tally.removals());
    long mark = begun & MARKS;
    if (mark != UNTIMED) {
      long nanos = ((clock.getAsLong() << MARK_BITS) - (begun & ~MARKS)) >> MARK_BITS;
      addTimes(tally, nanos, mark == TIMED_FOR_MANY ? ONE_OF : 1);
    }
  }

  /** A zero is added to nothing: it would cost as much as any other number. */
  private static void add(LongAdder counter, long number) {
    if (number != 0) {
      counter.add(number);
    }
  }

  private void addTimes(Tally tally, long nanos, long weight) {
    long read = tally.hits() + tally.misses();
    if (read > 0) {
      getTimes.add(nanos * weight, read * weight);
    }
    if (tally.puts() > 0) {
      putTimes.add(nanos * weight, tally.puts() * weight);
    }
    if (tally.removals() > 0) {
      removeTimes.add(nanos * weight, tally.removals() * weight);
    }
  }

  /** Counts an entry that was dropped to make room. */
  public void evicted() {
    if (enabled) {
      evictions.increment();
    }
  }

  @Override
  public void clear() {
    for (LongAdder counter : new LongAdder[] {hits, misses, puts, removals, evictions}) {
      counter.reset();
    }
    for (Times times : new Times[] {getTimes, putTimes, removeTimes}) {
      times.reset();
    }
    Arrays.fill(first, 0);
  }

  @Override
  public long getCacheHits() {
    return hits.sum();
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(getCacheHits());
  }

  @Override
  public long getCacheMisses() {
    return misses.sum();
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(getCacheMisses());
  }

  @Override
  public long getCacheGets() {
    return getCacheHits() + getCacheMisses();
  }

  @Override
  public long getCachePuts() {
    return puts.sum();
  }

  @Override
  public long getCacheRemovals() {
    return removals.sum();
  }

  @Override
  public long getCacheEvictions() {
    return evictions.sum();
  }

  @Override
  public float getAverageGetTime() {
    return getTimes.averageMicros();
  }

  @Override
  public float getAveragePutTime() {
    return putTimes.averageMicros();
  }

  @Override
  public float getAverageRemoveTime() {
    return removeTimes.averageMicros();
  }

  private float percentage(long part) {
    long gets = getCacheGets();
    return gets == 0 ? 0 : 100f * part / gets;
  }
}
