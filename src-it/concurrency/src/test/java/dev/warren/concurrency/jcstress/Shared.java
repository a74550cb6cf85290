// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency.jcstress;

import dev.warren.jcache.WarrenCachingProvider;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/** Caches that last as long as the JVM; each trial has a key of its own, which it removes. */
final class Shared {
  private static final CacheManager MANAGER = new WarrenCachingProvider().getCacheManager();
  private static final AtomicInteger KEYS = new AtomicInteger();

  private Shared() {}

  static <V> Cache<Integer, V> byValue() {
    return MANAGER.createCache("by value", new MutableConfiguration<>());
  }

  static <V> Cache<Integer, V> byReference() {
    return MANAGER.createCache(
        "by reference", new MutableConfiguration<Integer, V>().setStoreByValue(false));
  }

  static Integer newKey() {
    return KEYS.getAndIncrement();
  }

  /** A value that a thread without luck could see before it is complete. */
  static final class Box {
    private int first;
    private @Nullable String text;
    private int[] numbers = new int[0];
    private int last;

    /** For the copier. */
    Box() {}

    static Box filled() {
      Box box = new Box();
      box.first = 1;
      box.text = Integer.toString(10_000);
      box.numbers = new int[] {1, 1};
      box.last = 1;
      return box;
    }

    /** 0: there is none, 1: it is complete, -1: it is not. */
    static int look(@Nullable Box box) {
      if (box == null) {
        return 0;
      }
      int[] numbers = box.numbers;
      boolean complete =
          box.last == 1
              && box.first == 1
              && "10000".equals(box.text)
              && numbers.length == 2
              && numbers[0] + numbers[1] == 2;
      return complete ? 1 : -1;
    }
  }
}
