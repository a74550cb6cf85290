// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One operation each. An unexpected result ends the run: a miss is fast and worthless. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CacheBenchmark {

  private static final int BULK = 50;
  private static final int MIXED_STEPS = 1 << 16;
  private static final double SKEW = 0.99;
  private static final Processor PROCESSOR = new Processor();

  /** Where a thread stands; each begins elsewhere. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls setUp
  public static class Walk {
    private static final AtomicLong THREADS = new AtomicLong();

    private int place;
    private Set<Long>[] bulks;
    private int[] zipf;
    private Long[] absent;

    @Setup
    @SuppressWarnings("unchecked") // an array of one kind of set
    public void setUp() {
      long thread = THREADS.incrementAndGet();
      place = (int) (thread * 7_919);
      zipf = new int[MIXED_STEPS];
      absent = new Long[CacheState.KEYS];
      for (int i = 0; i < absent.length; i++) {
        absent[i] = i + (1L << 40);
      }
      Zipf popular = new Zipf(CacheState.ZIPF_KEYS, SKEW, thread);
      for (int i = 0; i < MIXED_STEPS; i++) {
        zipf[i] = popular.next();
      }
      bulks = new Set[CacheState.KEYS / BULK];
      for (int i = 0; i < bulks.length; i++) {
        bulks[i] = new HashSet<>();
        for (int j = 0; j < BULK; j++) {
          bulks[i].add((long) (i * BULK + j));
        }
      }
    }

    /** Strides through the keys, so that the next one is seldom in the processor's cache. */
    int next() {
      place = (place + 7_919) & (CacheState.KEYS - 1);
      return place;
    }

    Long missing() {
      return absent[next()];
    }

    int step() {
      place = (place + 1) & (MIXED_STEPS - 1);
      return place;
    }
  }

  private static <T> T hit(@Nullable T found) {
    if (found == null) {
      throw new IllegalStateException("a miss where every key is present");
    }
    return found;
  }

  private static void require(boolean expected) {
    if (!expected) {
      throw new IllegalStateException("an operation had another result than it must");
    }
  }

  @Benchmark
  public Object getHit(CacheState state, Walk walk) {
    return hit(state.cache.get(state.keys[walk.next()]));
  }

  @Benchmark
  public void getMiss(CacheState state, Walk walk) {
    require(state.cache.get(walk.missing()) == null);
  }

  @Benchmark
  public void put(CacheState state, Walk walk) {
    int key = walk.next();
    state.cache.put(state.keys[key], state.fresh[key]);
  }

  @Benchmark
  public void putIfAbsent(CacheState state, Walk walk) {
    int key = walk.next();
    require(!state.cache.putIfAbsent(state.keys[key], state.fresh[key]));
  }

  /** The key's value is always equal to what it was filled with, so each one matches. */
  @Benchmark
  public void replaceIfEqual(CacheState state, Walk walk) {
    int key = walk.next();
    require(state.cache.replace(state.keys[key], state.fresh[key], state.fresh[key]));
  }

  @Benchmark
  public Map<Long, Object> getAll50(CacheState state, Walk walk) {
    Map<Long, Object> found = state.cache.getAll(walk.bulks[walk.next() % walk.bulks.length]);
    require(found.size() == BULK);
    return found;
  }

  @Benchmark
  public Object invoke(CacheState state, Walk walk) {
    int key = walk.next();
    return hit(state.cache.invoke(state.keys[key], PROCESSOR, state.fresh[key]));
  }

  /** 75 reads and 25 writes of a hundred, over keys of Zipf's distribution. */
  @Benchmark
  public Object mixed(CacheState state, Walk walk) {
    int step = walk.step();
    Long key = state.keys[walk.zipf[step]];
    if ((step & 3) == 0) {
      Object written = state.fresh[step & (CacheState.KEYS - 1)];
      state.cache.put(key, written);
      return written;
    }
    return hit(state.cache.get(key));
  }

  /** Reads the value and sets another. */
  static final class Processor implements EntryProcessor<Long, Object, Object>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object process(MutableEntry<Long, Object> entry, Object... arguments) {
      Object old = hit(entry.getValue());
      entry.setValue(arguments[0]);
      return old instanceof String ? old : Boolean.TRUE;
    }
  }
}
