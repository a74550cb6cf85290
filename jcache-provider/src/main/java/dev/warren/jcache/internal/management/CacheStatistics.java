// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import dev.warren.jcache.internal.operation.StatisticsPort;
import dev.warren.jcache.internal.operation.Tally;
import java.util.concurrent.atomic.LongAdder;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * The figures of one cache. Percentages are 0 to 100, averages in microseconds; 0 without calls.
 */
public final class CacheStatistics implements StatisticsPort, CacheStatisticsMXBean {
  private static final float NANOS_PER_MICRO = 1_000f;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();
  private volatile boolean enabled;

  public void enable(boolean enable) {
    enabled = enable;
  }

  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public void record(Tally tally, long nanos) {
    if (tally.hits() + tally.misses() > 0) {
      hits.add(tally.hits());
      misses.add(tally.misses());
      getNanos.add(nanos);
    }
    if (tally.puts() > 0) {
      puts.add(tally.puts());
      putNanos.add(nanos);
    }
    if (tally.removals() > 0) {
      removals.add(tally.removals());
      removeNanos.add(nanos);
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
    for (LongAdder adder :
        new LongAdder[] {
          hits, misses, puts, removals, evictions, getNanos, putNanos, removeNanos
        }) {
      adder.reset();
    }
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
    return average(getNanos.sum(), getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return average(putNanos.sum(), getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return average(removeNanos.sum(), getCacheRemovals());
  }

  private float percentage(long part) {
    long gets = getCacheGets();
    return gets == 0 ? 0 : 100f * part / gets;
  }

  private static float average(long nanos, long count) {
    return count == 0 ? 0 : nanos / NANOS_PER_MICRO / count;
  }
}
