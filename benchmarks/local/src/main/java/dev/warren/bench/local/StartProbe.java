// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.time.Duration;
import java.time.Instant;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** Prints the milliseconds from the start of this process to the first put and get. */
final class StartProbe {

  private static final double NANOS_PER_MILLI = 1e6;

  private StartProbe() {}

  public static void main(String[] arguments) {
    long entered = System.nanoTime();
    Cache<Long, Object> cache =
        Caching.getCachingProvider()
            .getCacheManager()
            .createCache(
                "start",
                new MutableConfiguration<Long, Object>().setTypes(Long.class, Object.class));
    cache.put(1L, "v");
    if (!"v".equals(cache.get(1L))) {
      throw new IllegalStateException("the first get missed: nothing to measure");
    }
    long done = System.nanoTime();
    Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
    // Two figures: with the JVM's own start, to 10 ms, and without it.
    System.out.println(Duration.between(started, Instant.now()).toMillis());
    System.out.println((done - entered) / NANOS_PER_MILLI);
  }
}
