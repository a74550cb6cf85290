// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many writers and one applier, which sleeps until the outbox wakes it. */
class OutboxStressTest {

  private static final EpochId EPOCH = new EpochId(1, Origin.random().id());
  private static final Origin SELF = Origin.random();
  private static final int WRITERS = 4;
  private static final int WRITES = 50_000;
  private static final int KEYS_EACH = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final Semaphore woken = new Semaphore(0);

  /** So little room that writers wait for it, and so few in flight that they mostly wake nobody. */
  private final Outbox outbox =
      new Outbox(new OutboxLimits(64, 100_000, 16, 10_000, 2), woken::release);

  private final AtomicIntegerArray ends = new AtomicIntegerArray(WRITERS * WRITES);
  private final Map<Integer, Integer> lastSeen = new HashMap<>();
  private int applied;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void offer_manyWriters_eachKeysOrderIsKeptAndAllEndsOnce() throws Exception {
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int first = writer * WRITES;
      int key = writer * KEYS_EACH;
      writers.add(threads.submit(() -> write(first, key)));
    }
    Deque<Batch> underWay = new ArrayDeque<>();
    boolean ended = false;
    while (!ended || outbox.unwritten() > 0) {
      ended = writers.stream().allMatch(Future::isDone);
      if (!ended) {
        assertThat(woken.tryAcquire(20, TimeUnit.SECONDS) || allDone(writers))
            .as("an applier that sleeps is woken while %d wait", outbox.depth())
            .isTrue();
        woken.drainPermits();
      }
      pump(underWay);
    }
    for (Future<?> writer : writers) {
      writer.get(20, TimeUnit.SECONDS);
    }
    assertThat(outbox.bytes()).isZero();
    assertThat(outbox.depth()).isZero();
    for (int i = 0; i < ends.length(); i++) {
      assertThat(ends.get(i)).as("ends of write %d", i).isEqualTo(1);
    }
    assertThat(lastSeen).hasSize(WRITERS * KEYS_EACH);
    assertThat(applied).as("some were superseded").isBetween(1, WRITERS * WRITES - 1);
    for (int writer = 0; writer < WRITERS; writer++) {
      assertThat(lastSeen).containsValue((writer + 1) * WRITES - 1);
    }
  }

  private static boolean allDone(List<Future<?>> writers) {
    return writers.stream().allMatch(Future::isDone);
  }

  private void write(int first, int firstKey) {
    for (int i = first; i < first + WRITES; i++) {
      int write = i;
      int tooMuch = i % 7 == 0 ? 1 : 0;
      outbox.reserve(1 + tooMuch, PATIENCE);
      outbox.offer(
          new Event.Put("c", bytes(firstKey + i % KEYS_EACH), number(i), Event.NEVER, Event.ANY),
          fate -> ends.incrementAndGet(write));
      if (tooMuch > 0) {
        outbox.release(tooMuch);
      }
    }
  }

  /** Two batches under way at most: the older is applied when there is nothing to seal. */
  private void pump(Deque<Batch> underWay) {
    for (Optional<Batch> next = seal(); next.isPresent() || !underWay.isEmpty(); next = seal()) {
      next.ifPresent(underWay::add);
      if (next.isEmpty()) {
        apply(underWay.remove());
      }
    }
  }

  private Optional<Batch> seal() {
    return outbox.seal(EPOCH, SELF, false);
  }

  private void apply(Batch batch) {
    for (Event event : batch.events()) {
      Event.Put put = (Event.Put) event;
      int write = ByteBuffer.wrap(put.value()).getInt();
      Integer before = lastSeen.put(ByteBuffer.wrap(put.key().array()).getInt(), write);
      assertThat(before == null || before < write).as("%s before %d", before, write).isTrue();
      applied++;
    }
    outbox.covered(batch.lastSequence());
  }

  private static Bytes bytes(int of) {
    return Bytes.wrap(number(of));
  }

  private static byte[] number(int of) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(of).array();
  }
}
