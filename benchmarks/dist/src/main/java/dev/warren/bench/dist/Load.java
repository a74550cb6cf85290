// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;

/**
 * One thread that writes at a rate, and one that reads now and then, of a filled cache, until they
 * are stopped. The writers of several nodes share the keys out: what one wrote last stands.
 */
final class Load {

  private static final long BETWEEN_GETS_NANOS = 100_000;

  private final Cache<String, byte[]> cache;
  private final int part;
  private final int parts;
  private final int count;
  private final int bytes;

  /** The number of the last write of each own key; the writer's. */
  private final int[] last;

  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong gets = new AtomicLong();
  private final AtomicLong longestGet = new AtomicLong();
  private final Thread writer;
  private final Thread reader;
  private long askedNanos = System.nanoTime();
  private volatile boolean ending;
  private volatile String failure = "";

  /**
   * @param rate writes per second
   * @param part which of {@code parts} of the keys to write
   */
  Load(Cache<String, byte[]> cache, int rate, int part, int parts, int count, int bytes) {
    this.cache = cache;
    this.part = part;
    this.parts = parts;
    this.count = count;
    this.bytes = bytes;
    this.last = new int[count / parts];
    writer = start("writer", () -> write(1_000_000_000L / rate));
    reader = start("reader", this::read);
  }

  private Thread start(String name, Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                failure = name + ": " + e;
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private String key(int place) {
    return CacheNode.key(place * parts + part);
  }

  private void write(long intervalNanos) {
    SplittableRandom random = new SplittableRandom(part);
    Pace pace = new Pace(intervalNanos);
    for (int number = 1; !ending; number++) {
      pace.await();
      int place = random.nextInt(last.length);
      byte[] value = new byte[bytes];
      ByteBuffer.wrap(value).putInt(part).putInt(number);
      cache.put(key(place), value);
      last[place] = number;
      writes.incrementAndGet();
    }
  }

  private void read() {
    SplittableRandom random = new SplittableRandom(~part);
    while (!ending) {
      String key = CacheNode.key(random.nextInt(count));
      long begin = System.nanoTime();
      byte[] value = cache.get(key);
      long took = System.nanoTime() - begin;
      if (value == null || value.length != bytes) {
        throw new IllegalStateException(key + " is gone");
      }
      longestGet.accumulateAndGet(took, Math::max);
      gets.incrementAndGet();
      LockSupport.parkNanos(BETWEEN_GETS_NANOS);
    }
  }

  /** Since it was last asked. */
  String figures() {
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
    long now = System.nanoTime();
    long took = now - askedNanos;
    askedNanos = now;
    return "%d %d %d %d"
        .formatted(writes.getAndSet(0), took, longestGet.getAndSet(0), gets.getAndSet(0));
  }

  void stop() throws InterruptedException {
    ending = true;
    writer.join();
    reader.join();
  }

  /** Looks for every key that was written; how many there were. */
  int verify() {
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
    int written = 0;
    for (int place = 0; place < last.length; place++) {
      if (last[place] != 0) {
        byte[] value = cache.get(key(place));
        if (value == null
            || ByteBuffer.wrap(value).getInt() != part
            || ByteBuffer.wrap(value).getInt(4) != last[place]) {
          throw new IllegalStateException("the last write of " + key(place) + " is lost");
        }
        written++;
      }
    }
    return written;
  }
}
