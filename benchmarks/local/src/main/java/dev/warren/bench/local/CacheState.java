// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.util.Objects;
import java.util.function.LongFunction;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A full cache of the provider on the class path. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class CacheState {

  /** Keys present; a power of two. */
  static final int KEYS = 1 << 14;

  /** Keys of the mixed load; those above {@link #KEYS} are filled in by {@link #setUp} too. */
  static final int ZIPF_KEYS = 100_000;

  @Param("STRING")
  public ValueKind value;

  @Param("PLAIN")
  public Variant variant;

  @Param("true")
  public boolean byValue;

  @Param("16384")
  public int entries;

  Cache<Long, Object> cache;

  /** Values to put; never those that the cache was filled with. */
  Object[] fresh;

  /** Equal to the keys present, and other objects. */
  Long[] keys;

  private CachingProvider provider;

  @Setup(Level.Trial)
  public void setUp() {
    provider = Caching.getCachingProvider();
    MutableConfiguration<Long, Object> configuration =
        new MutableConfiguration<Long, Object>()
            .setTypes(Long.class, Object.class)
            .setStoreByValue(byValue);
    variant.apply(configuration);
    cache = provider.getCacheManager().createCache("bench", configuration);
    if (byValue) {
      requireIsolation(value::make);
    }
    fresh = new Object[KEYS];
    keys = new Long[entries];
    for (int i = 0; i < entries; i++) {
      keys[i] = boxed(i);
      cache.put(boxed(i), value.make(i));
      if (i < KEYS) {
        fresh[i] = value.make(i);
      }
    }
    for (int i = 0; i < entries; i++) {
      if (!ValueKind.same(value.make(i), cache.get((long) i))) {
        throw new IllegalStateException("key " + i + " is missing or wrong: nothing to measure");
      }
    }
  }

  /** A provider that hands out what it stores would win by cheating. */
  private void requireIsolation(LongFunction<Object> make) {
    Object given = make.apply(7);
    cache.put(-1L, given);
    boolean mutable = value.spoil(given);
    Object once = Objects.requireNonNull(cache.get(-1L));
    if (mutable) {
      value.spoil(once);
    }
    if (!ValueKind.same(make.apply(7), cache.get(-1L))) {
      throw new IllegalStateException("the cache shares its values with its callers");
    }
    cache.remove(-1L);
  }

  /** A new object, unless it is one of those that the JDK keeps. */
  private static Long boxed(long key) {
    return Long.valueOf(key);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    provider.close();
  }
}
