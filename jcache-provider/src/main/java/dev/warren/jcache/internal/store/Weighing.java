// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import dev.warren.jcache.api.Weigher;
import dev.warren.jcache.internal.copy.Copier;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.ToIntBiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the user's weigher, which gets copies. It is asked after the writer has run, when failing
 * would leave the external store and the cache unequal; so one that fails is logged, and the entry
 * weighs 1.
 */
public final class Weighing<K, V> implements ToIntBiFunction<K, V>, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Weighing.class);
  private static final int OTHERWISE = 1;

  private final String cache;
  private final Weigher<? super K, ? super V> weigher;
  private final Copier copier;

  /**
   * @param cache names the cache in messages
   */
  public Weighing(String cache, Weigher<? super K, ? super V> weigher, Copier copier) {
    this.cache = cache;
    this.weigher = weigher;
    this.copier = copier;
  }

  @Override
  public int applyAsInt(K key, V value) {
    try {
      int weight = weigher.weigh(copier.copy(key), copier.copy(value));
      if (weight >= 0) {
        return weight;
      }
      LOG.warn(
          "WRN-0118 The weigher of cache \"{}\" must give 0 or more, but gave {}: the entry weighs"
              + " {}",
          cache,
          weight,
          OTHERWISE);
    } catch (Throwable e) {
      LOG.warn(
          "WRN-0118 The weigher of cache \"{}\" failed: the entry weighs {}", cache, OTHERWISE, e);
    }
    return OTHERWISE;
  }

  @Override
  public void close() throws IOException {
    if (weigher instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
