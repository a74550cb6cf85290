// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static dev.warren.jcache.internal.manager.MemoryCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.api.WarrenCache;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Writes of a replicated cache race each other on one node: in one step, under their key's lock, or
 * with all keys excluded.
 */
class ReplicatedStepStressTest {

  private static final int THREADS = 4;
  private static final int CHANGES = 20_000;
  private static final int KEYS = 3;
  private static final int ROUNDS = 300;

  private static final EntryProcessor<Integer, Integer, Integer> INCREMENT =
      (entry, arguments) -> {
        Integer old = entry.getValue();
        entry.setValue(old == null ? 1 : old + 1);
        return old;
      };

  private final MemoryCluster cluster = new MemoryCluster("warren.defaults.mode", "replicated");
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final WarrenCache<Integer, Integer> cache = node();
  private final WarrenCache<Integer, Integer> other = node();

  private WarrenCache<Integer, Integer> node(String... more) {
    return MemoryCluster.ready(
        cluster.node(more),
        new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    cluster.close();
  }

  /** Each adds a number, so that a change made on an old look is missing in the sum. */
  @Test
  void allChanges_atOnce_noneIsLost() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Integer>> sums = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      sums.add(
          threads.submit(
              () -> {
                start.await(20, TimeUnit.SECONDS);
                int sum = 0;
                for (int i = 0; i < CHANGES; i++) {
                  sum += change(first + i, i % KEYS);
                }
                return sum;
              }));
    }
    int added = 0;
    for (Future<Integer> sum : sums) {
      added += sum.get(120, TimeUnit.SECONDS);
    }
    assertThat(sum(cache)).isEqualTo(added);
    cache.barrier(PATIENCE);
    assertThat(sum(cache)).as("as the log says").isEqualTo(added);
    other.barrier(PATIENCE);
    assertThat(sum(other)).as("on the other node").isEqualTo(added);
  }

  private static int sum(Cache<Integer, Integer> of) {
    int found = 0;
    for (Cache.Entry<Integer, Integer> entry : of) {
      found += entry.getValue();
    }
    return found;
  }

  /** One change; what it added. */
  private int change(int kind, int key) {
    Integer old = cache.get(key);
    switch (kind % 5) {
      case 0 -> {
        cache.invoke(key, INCREMENT);
        return 1;
      }
      case 1 -> {
        return cache.putIfAbsent(key, 1) ? 1 : 0;
      }
      case 2, 3 -> {
        return old != null && cache.replace(key, old, old + 1) ? 1 : 0;
      }
      default -> {
        if (kind % 100 == 4) {
          Integer removed = cache.getAndRemove(key);
          return removed == null ? 0 : -removed;
        }
        Integer before = cache.getAndPut(key, 1_000);
        return before == null ? 1_000 : 1_000 - before;
      }
    }
  }

  /** The order in which two writes of a key show is the one in which the log gets them. */
  @Test
  void put_twoOfEachKeyAtOnce_whatShowsIsWhatTheLogSays() throws Exception {
    raceIn(ROUNDS, 200, key -> cache.put(key, 1), key -> cache.put(key, 2));
  }

  @Test
  void put_besideRemove_whatShowsIsWhatTheLogSays() throws Exception {
    raceIn(ROUNDS, 200, key -> cache.put(key, 1), key -> cache.remove(key));
  }

  /** A put before the clear is gone at once; one behind it stays. */
  @Test
  void put_besideClear_whatShowsIsWhatTheLogSays() throws Exception {
    raceIn(10 * ROUNDS, 1, key -> cache.put(key, 1), key -> cache.clear());
  }

  private void raceIn(int rounds, int keys, IntConsumer one, IntConsumer two) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    for (int round = 1; round <= rounds; round++) {
      Future<?> first = threads.submit(() -> eachKey(keys, start, one));
      Future<?> second = threads.submit(() -> eachKey(keys, start, two));
      first.get(20, TimeUnit.SECONDS);
      second.get(20, TimeUnit.SECONDS);
      List<Integer> shown = values(cache, keys);
      cache.barrier(PATIENCE);
      assertThat(values(cache, keys)).as("round %d", round).isEqualTo(shown);
    }
    other.barrier(PATIENCE);
    assertThat(values(other, keys)).isEqualTo(values(cache, keys));
  }

  private static List<Integer> values(Cache<Integer, Integer> of, int keys) {
    List<Integer> values = new ArrayList<>();
    for (int key = 0; key < keys; key++) {
      values.add(of.get(key));
    }
    return values;
  }

  private static void eachKey(int keys, CyclicBarrier start, IntConsumer race) {
    try {
      start.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    for (int key = 0; key < keys; key++) {
      race.accept(key);
    }
  }

  /** Who finds another thread's write waits for that one too. */
  @Test
  void putIfAbsent_besideAnAcknowledgedPut_waitsForIt() throws Exception {
    Cache<Integer, Integer> acknowledged = node("warren.defaults.write-ack", "all");
    CyclicBarrier start = new CyclicBarrier(2);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int key = 1_000 + round;
      Future<?> put = threads.submit(() -> eachKey(1, start, none -> acknowledged.put(key, 1)));
      start.await(20, TimeUnit.SECONDS);
      if (!acknowledged.putIfAbsent(key, 2)) {
        refused++;
        assertThat(other.get(key)).as("round %d", round).isNotNull();
      }
      put.get(20, TimeUnit.SECONDS);
    }
    assertThat(refused).as("rounds in which the put came first").isPositive();
  }

  /** A write is either in the log before the cache's end, or refused. */
  @Test
  void put_besideClose_isFlushedOrRefused() throws Exception {
    for (int round = 0; round < 20; round++) {
      Cache<Integer, Integer> closing = cache.getCacheManager().createCache("x" + round, types());
      Cache<Integer, Integer> staying = other.getCacheManager().createCache("x" + round, types());
      CyclicBarrier start = new CyclicBarrier(2);
      Future<Integer> last = threads.submit(() -> putUntilRefused(closing, start));
      start.await(20, TimeUnit.SECONDS);
      closing.close();
      int written = last.get(20, TimeUnit.SECONDS);
      cache.barrier(PATIENCE);
      other.barrier(PATIENCE);
      int here = 0;
      for (Cache.Entry<Integer, Integer> entry : staying) {
        here += entry.getValue();
      }
      assertThat(here).as("round %d", round).isEqualTo(written);
    }
  }

  private static MutableConfiguration<Integer, Integer> types() {
    return new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class);
  }

  /** How many puts returned. */
  private static int putUntilRefused(Cache<Integer, Integer> into, CyclicBarrier start)
      throws Exception {
    start.await(20, TimeUnit.SECONDS);
    int written = 0;
    try {
      while (true) {
        into.put(written, 1);
        written++;
      }
    } catch (IllegalStateException closed) {
      return written;
    }
  }
}
