// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.sync.Positions;
import dev.warren.sync.codec.KryoValueCodec;
import dev.warren.sync.codec.ValueCodec;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * A node of Warren, which can do more than {@link CacheNode}:
 *
 * <pre>
 * caller COUNT BURSTS   eventual puts, local puts, encoding     NANOS NANOS NANOS, each
 * both COUNT BYTES      reads here and of a local cache         NANOS NANOS, per get
 * settle                waits for own writes                    POSITION
 * reach POSITION        waits until it is applied               done
 * offset                the log's offset that is applied        OFFSET
 * digest                of the cache                            EPOCH ENTRIES HASH
 * counts                what must not happen                    APPLIED BAD
 * recovery              whence the memory came                  SOURCE ENTRIES MILLIS
 * live                  heap in use after a collection          BYTES
 * watch-live            looks at it again and again             watching
 * most-live             ends that                               BYTES LOOKS
 * load RATE PART PARTS COUNT BYTES   begins to write and read   loading
 * load-figures          since it was last asked                 WRITES NANOS LONGEST-GET GETS
 * load-stop             ends it and looks at all it wrote       POSITION WRITTEN
 * </pre>
 */
final class WarrenNode extends CacheNode {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CachingProvider provider;
  private final CacheManager manager;
  private final WarrenCache<String, byte[]> warren;
  private final ValueCodec codec =
      KryoValueCodec.of(WarrenNode.class.getClassLoader(), List.of(), String.class, byte[].class);
  private @Nullable Cache<String, byte[]> local;
  private @Nullable Load load;
  private @Nullable LiveHeap live;

  private WarrenNode(CachingProvider provider, CacheManager manager) {
    super(provider, manager);
    this.provider = provider;
    this.manager = manager;
    this.warren = warren(cache);
    warren.awaitReady(PATIENCE);
  }

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  private static WarrenCache<String, byte[]> warren(Cache<String, byte[]> cache) {
    return cache.unwrap(WarrenCache.class);
  }

  static WarrenNode open(Properties settings) {
    long begin = System.nanoTime();
    CachingProvider provider = Caching.getCachingProvider();
    String uri = settings.getProperty("uri", provider.getDefaultURI().toString());
    WarrenNode node =
        new WarrenNode(
            provider,
            provider.getCacheManager(URI.create(uri), provider.getDefaultClassLoader(), settings));
    node.openedSince(begin);
    return node;
  }

  @Override
  public String answer(Request request) throws Exception {
    return switch (request.command()) {
      case "caller" -> caller(request.number(0), request.number(1));
      case "both" -> both(request.number(0), request.number(1));
      case "settle" -> settle();
      case "reach" -> reach(request.big(0));
      case "offset" -> String.valueOf(Positions.offset(warren.position()));
      case "digest" -> {
        Digest digest = warren.digest(PATIENCE);
        yield digest.epoch().replace(' ', '-') + " " + digest.entries() + " " + digest.hash();
      }
      case "counts" -> counts();
      case "recovery" -> {
        Recovery recovery = warren.recovery();
        yield recovery.source() + " " + recovery.fromSource() + " " + recovery.took().toMillis();
      }
      case "live" -> String.valueOf(LiveHeap.bytes());
      case "watch-live" -> {
        live = new LiveHeap();
        yield "watching";
      }
      case "most-live" -> {
        LiveHeap watched = live;
        live = null;
        yield watched == null ? "0 0" : watched.stop();
      }
      case "load" -> {
        load =
            new Load(
                cache,
                request.number(0),
                request.number(1),
                request.number(2),
                request.number(3),
                request.number(4));
        yield "loading";
      }
      case "load-figures" -> loading().figures();
      case "load-stop" -> {
        loading().stop();
        String position = settle();
        yield position + " " + loading().verify();
      }
      default -> super.answer(request);
    };
  }

  private Load loading() {
    Load running = load;
    if (running == null) {
      throw new IllegalStateException("there is no load");
    }
    return running;
  }

  private String settle() {
    warren.barrier(PATIENCE);
    return String.valueOf(warren.position());
  }

  private String reach(long position) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (warren.position() < position) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "position %d was not reached, but %d".formatted(position, warren.position()));
      }
      LockSupport.parkNanos(1_000_000);
    }
    return "done";
  }

  /** Repetitions and what was of another epoch are not bad: applied counts and digests tell. */
  private String counts() {
    WarrenMetrics.MemberMetrics figures = manager.unwrap(WarrenMetrics.class).memberMetrics();
    long bad = figures.refusedRecords() + figures.resynchronisations() + warren.undecodable();
    return figures.appliedEvents() + " " + bad;
  }

  // ---- the caller's side

  /** Medians of many bursts, none of which fills the outbox, by turns. */
  private String caller(int count, int bursts) {
    String[] keys = new String[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
    }
    Cache<String, byte[]> localCache = local();
    long[] eventual = new long[bursts];
    long[] locally = new long[bursts];
    long[] encoding = new long[bursts];
    long encoded = 0;
    for (int burst = 0; burst < bursts; burst++) {
      eventual[burst] = put(cache, keys);
      warren.barrier(PATIENCE);
      locally[burst] = put(localCache, keys);
      long begin = System.nanoTime();
      for (String key : keys) {
        encoded += codec.encodeKey(key).length + codec.encode(new byte[VALUE_BYTES]).length;
      }
      encoding[burst] = System.nanoTime() - begin;
    }
    if (encoded < (long) count * bursts * VALUE_BYTES) {
      throw new IllegalStateException("encoded " + encoded + " bytes only");
    }
    return median(eventual, count) + " " + median(locally, count) + " " + median(encoding, count);
  }

  private static long put(Cache<String, byte[]> into, String[] keys) {
    long begin = System.nanoTime();
    for (String key : keys) {
      into.put(key, new byte[VALUE_BYTES]);
    }
    return System.nanoTime() - begin;
  }

  private static double median(long[] nanos, int count) {
    Arrays.sort(nanos);
    return (double) nanos[nanos.length / 2] / count;
  }

  private String both(int count, int bytes) {
    Cache<String, byte[]> localCache = local();
    for (int i = 0; i < count; i++) {
      localCache.put(key(i), new byte[bytes]);
    }
    return reads(cache, count, bytes) + " " + reads(localCache, count, bytes);
  }

  /** A cache without a log, of a manager of its own. */
  private Cache<String, byte[]> local() {
    Cache<String, byte[]> opened = local;
    if (opened == null) {
      opened =
          provider
              .getCacheManager(
                  URI.create("warren:local"), provider.getDefaultClassLoader(), new Properties())
              .createCache(
                  "local",
                  new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
      local = opened;
    }
    return opened;
  }

  @Override
  String fill(int count, int bytes) {
    super.fill(count, bytes);
    return settle();
  }
}
