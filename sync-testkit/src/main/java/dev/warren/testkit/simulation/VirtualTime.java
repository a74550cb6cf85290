// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A clock that jumps from task to task, on the thread of the test. Tasks due at the same moment run
 * in the order in which they were handed in; chance comes from one seeded source, so that a seed
 * repeats a run.
 */
public final class VirtualTime {

  /** More is a loop. */
  private static final int MAX_TASKS = 20_000_000;

  /** Start of every run: 2026-01-01 UTC in ms. */
  private static final long BEGIN_MILLIS = 1_767_225_600_000L;

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final Random random;
  private long nowMicros;
  private long handedIn;

  private record Due(long micros, long order, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return micros != other.micros
          ? Long.compare(micros, other.micros)
          : Long.compare(order, other.order);
    }
  }

  public VirtualTime(long seed) {
    this.random = new Random(seed);
  }

  public Random random() {
    return random;
  }

  public long nowMillis() {
    return BEGIN_MILLIS + nowMicros / 1000;
  }

  long nowMicros() {
    return nowMicros;
  }

  void at(long micros, Runnable task) {
    queue.add(new Due(Math.max(micros, nowMicros), handedIn++, task));
  }

  /** A delay as networks and schedulers make them: mostly short, sometimes long. */
  long jitterMicros() {
    int kind = random.nextInt(100);
    return kind < 80
        ? random.nextInt(300)
        : kind < 98 ? random.nextInt(5_000) : random.nextInt(60_000);
  }

  /** Runs everything that is due within the next {@code span}. */
  public void run(Duration span) {
    long end = nowMicros + span.toNanos() / 1000;
    runUntil(() -> false, end);
    nowMicros = end;
  }

  /** Runs until {@code condition} holds; false if it does not within {@code limit}. */
  public boolean runUntil(Duration limit, BooleanSupplier condition) {
    return runUntil(condition, nowMicros + limit.toNanos() / 1000);
  }

  private boolean runUntil(BooleanSupplier condition, long end) {
    int tasks = 0;
    while (!condition.getAsBoolean()) {
      Due next = queue.peek();
      if (next == null || next.micros() > end) {
        return false;
      }
      queue.remove();
      if (++tasks > MAX_TASKS) {
        throw new AssertionError("time stands still: " + MAX_TASKS + " tasks in one run");
      }
      nowMicros = next.micros();
      next.task().run();
    }
    return true;
  }
}
