// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * A node of any provider, through JCache alone:
 *
 * <pre>
 * fill COUNT BYTES           puts COUNT entries                  done
 * puts THREADS COUNT ROUND   puts COUNT different keys           FIRST-NANOS LAST-NANOS
 * await THREADS COUNT ROUND  the other node's side of it         SEEN-NANOS LATE
 * ping COUNT MICROS ROUND    puts a key at each interval         done
 * pong COUNT ROUND           the other node's side of it         P50 P99 MOST, in nanoseconds
 * reads COUNT BYTES          gets keys of a fill                 NANOS-PER-GET
 * size                       counts the entries                  COUNT
 * opened                     how long opening took               NANOS
 * </pre>
 *
 * A value of {@code puts} holds its round and its number, so that the other node can tell that the
 * last write of each key has arrived: each thread's last write is a key of its own for which the
 * other node waits, then it looks at every key. Some providers keep no order between keys; what
 * they bring later is waited for and counted as late.
 */
class CacheNode implements Node {

  static final int VALUE_BYTES = 100;

  /** Between two looks at what a put should bring; a look may ask another node. */
  private static final long LOOK_NANOS = 1_000_000;

  private static final long PATIENCE_NANOS = 110_000_000_000L;
  private static final int PORTION = 500;

  private final CachingProvider provider;
  private final CacheManager manager;
  final Cache<String, byte[]> cache;
  private long openNanos;

  CacheNode(CachingProvider provider, CacheManager manager) {
    this.provider = provider;
    this.manager = manager;
    Cache<String, byte[]> found = manager.getCache("bench"); // configurations name no types
    cache =
        found != null
            ? found
            : manager.createCache(
                "bench",
                new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
  }

  /**
   * Opens the provider of the class path, and its cache, until a first read is answered; {@code
   * uri} names its configuration, if it needs one.
   */
  static CacheNode open(Properties settings) {
    long begin = System.nanoTime();
    CachingProvider provider = Caching.getCachingProvider();
    String uri = settings.getProperty("uri");
    CacheNode node =
        new CacheNode(
            provider,
            provider.getCacheManager(
                uri == null ? provider.getDefaultURI() : URI.create(uri),
                provider.getDefaultClassLoader(),
                settings));
    boolean ignored = node.cache.containsKey(key(0));
    node.openedSince(begin);
    return node;
  }

  final void openedSince(long beginNanos) {
    openNanos = System.nanoTime() - beginNanos;
  }

  @Override
  public String answer(Request request) throws Exception {
    return switch (request.command()) {
      case "fill" -> fill(request.number(0), request.number(1));
      case "puts" -> puts(request.number(0), request.number(1), request.number(2));
      case "await" -> await(request.number(0), request.number(1), request.number(2));
      case "ping" -> ping(request.number(0), request.big(1) * 1_000, request.number(2));
      case "pong" -> pong(request.number(0), request.number(1)).toString();
      case "reads" -> String.valueOf(reads(cache, request.number(0), request.number(1)));
      case "size" -> {
        long size = 0;
        for (Cache.Entry<String, byte[]> ignored : cache) {
          size++;
        }
        yield String.valueOf(size);
      }
      case "opened" -> String.valueOf(openNanos);
      default -> throw request.unknown();
    };
  }

  static String key(int number) {
    return "key-" + number;
  }

  private static String marker(int thread) {
    return "marker-" + thread;
  }

  private static byte[] value(int bytes, int round, int number) {
    byte[] value = new byte[bytes];
    ByteBuffer.wrap(value).putInt(round).putInt(number);
    return value;
  }

  private static boolean isOf(byte @Nullable [] value, int round, int number) {
    return value != null
        && ByteBuffer.wrap(value).getInt() == round
        && ByteBuffer.wrap(value).getInt(4) == number;
  }

  String fill(int count, int bytes) {
    Map<String, byte[]> portion = new HashMap<>();
    for (int i = 0; i < count; i++) {
      portion.put(key(i), value(bytes, 0, i));
      if (portion.size() == PORTION || i == count - 1) {
        cache.putAll(portion);
        portion.clear();
      }
    }
    return "done";
  }

  // ---- throughput

  private String puts(int threads, int count, int round) throws Exception {
    String[] keys = new String[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
    }
    ExecutorService writers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> ends = new ArrayList<>();
      long first = System.nanoTime();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        ends.add(
            writers.submit(
                () -> {
                  for (int i = thread; i < count; i += threads) {
                    cache.put(keys[i], value(VALUE_BYTES, round, i));
                  }
                  cache.put(marker(thread), value(VALUE_BYTES, round, thread));
                  return System.nanoTime();
                }));
      }
      long last = first;
      for (Future<Long> end : ends) {
        last = Math.max(last, end.get());
      }
      return first + " " + last;
    } finally {
      writers.shutdown();
    }
  }

  private String await(int threads, int count, int round) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (int t = 0; t < threads; t++) {
      awaitKey(marker(t), round, t, deadline);
    }
    long seen = System.nanoTime();
    int late = 0;
    for (int i = 0; i < count; i++) {
      if (!isOf(cache.get(key(i)), round, i)) {
        awaitKey(key(i), round, i, deadline);
        seen = System.nanoTime();
        late++;
      }
    }
    return seen + " " + late;
  }

  private void awaitKey(String key, int round, int number, long deadline) {
    while (!isOf(cache.get(key), round, number)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(key + " of round " + round + " never came");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  // ---- latency

  private String ping(int count, long intervalNanos, int round) {
    String[] keys = pingKeys(count);
    Pace pace = new Pace(intervalNanos);
    for (int i = 0; i < count; i++) {
      pace.await();
      byte[] value = value(VALUE_BYTES, round, i);
      ByteBuffer.wrap(value).putLong(8, System.nanoTime());
      cache.put(keys[i], value);
    }
    return "done";
  }

  private Samples pong(int count, int round) {
    String[] keys = pingKeys(count);
    return Samples.watch(
        count,
        i -> {
          byte[] value = cache.get(keys[i]);
          return value != null && isOf(value, round, i)
              ? ByteBuffer.wrap(value).getLong(8)
              : Samples.ABSENT;
        });
  }

  private static String[] pingKeys(int count) {
    String[] keys = new String[count];
    for (int i = 0; i < count; i++) {
      keys[i] = "ping-" + i;
    }
    return keys;
  }

  // ---- reads

  /** Gets random keys of a fill for a second, after half a second of warming up. */
  static double reads(Cache<String, byte[]> cache, int count, int bytes) {
    String[] keys = new String[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
      byte[] value = cache.get(keys[i]);
      if (value == null || value.length != bytes) {
        throw new IllegalStateException(keys[i] + " is missing");
      }
    }
    read(cache, keys, 500_000_000L);
    return read(cache, keys, 1_000_000_000L);
  }

  private static double read(Cache<String, byte[]> cache, String[] keys, long nanos) {
    SplittableRandom random = new SplittableRandom(1);
    long begin = System.nanoTime();
    long gets = 0;
    long bytes = 0;
    while (System.nanoTime() - begin < nanos) {
      for (int i = 0; i < 1_000; i++) {
        byte[] value = cache.get(keys[random.nextInt(keys.length)]);
        bytes += value == null ? 0 : value.length;
      }
      gets += 1_000;
    }
    long took = System.nanoTime() - begin;
    if (bytes < gets) {
      throw new IllegalStateException("an entry is gone");
    }
    return (double) took / gets;
  }

  @Override
  public void close() {
    manager.close();
    provider.close();
  }
}
