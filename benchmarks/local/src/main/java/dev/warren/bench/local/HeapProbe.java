// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.lang.ref.Reference;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** Prints the heap that an entry of Long to String of 100 characters takes, in bytes. */
final class HeapProbe {

  private static final int ENTRIES = 1_000_000;

  private HeapProbe() {}

  public static void main(String[] arguments) throws InterruptedException {
    Cache<Long, Object> cache =
        Caching.getCachingProvider()
            .getCacheManager()
            .createCache(
                "heap",
                new MutableConfiguration<Long, Object>().setTypes(Long.class, Object.class));
    cache.put(-1L, ValueKind.STRING.make(1));
    long before = used();
    for (long i = 0; i < ENTRIES; i++) {
      cache.put(i, ValueKind.STRING.make(i));
    }
    long after = used();
    for (long i = 0; i < ENTRIES; i++) {
      if (!cache.containsKey(i)) {
        throw new IllegalStateException("key " + i + " is missing: nothing to measure");
      }
    }
    System.out.println((after - before) / (double) ENTRIES);
    Reference.reachabilityFence(cache);
  }

  @SuppressWarnings("ThreadPriorityCheck")
  private static long used() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
