// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.util.Objects;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * JCache's configuration with a bound: of entries, or, for local caches only, of their weight. It
 * stands instead of a bound in {@code warren.conf}; without one that counts.
 */
public class WarrenConfiguration<K, V> extends MutableConfiguration<K, V> {
  private static final long serialVersionUID = 1L;

  private long maxEntries;
  private long maxWeight;
  private @Nullable Factory<? extends Weigher<? super K, ? super V>> weigherFactory;

  /** One without a bound. */
  public WarrenConfiguration() {}

  /** A copy, with the bound if {@code other} has one. */
  public WarrenConfiguration(CompleteConfiguration<K, V> other) {
    super(other);
    if (other instanceof WarrenConfiguration<K, V> bounded) {
      maxEntries = bounded.maxEntries;
      maxWeight = bounded.maxWeight;
      weigherFactory = bounded.weigherFactory;
    }
  }

  /**
   * Bounds the number of entries.
   *
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws IllegalStateException if the weight is bounded
   */
  public WarrenConfiguration<K, V> setMaxEntries(long max) {
    requirePositive("max-entries", max);
    if (maxWeight != 0) {
      throw both("max-weight", maxWeight);
    }
    maxEntries = max;
    return this;
  }

  /**
   * Bounds the sum of the entries' weights.
   *
   * @throws IllegalArgumentException if {@code max} is less than 1
   * @throws IllegalStateException if the number of entries is bounded
   */
  public WarrenConfiguration<K, V> setMaxWeight(
      long max, Factory<? extends Weigher<? super K, ? super V>> weigher) {
    requirePositive("max-weight", max);
    Objects.requireNonNull(weigher, "weigher");
    if (maxEntries != 0) {
      throw both("max-entries", maxEntries);
    }
    maxWeight = max;
    weigherFactory = weigher;
    return this;
  }

  /** The bound of entries; 0 for none. */
  public long getMaxEntries() {
    return maxEntries;
  }

  /** The bound of the sum of weights; 0 for none. */
  public long getMaxWeight() {
    return maxWeight;
  }

  /** Makes the weigher; null unless the weight is bounded. */
  public @Nullable Factory<? extends Weigher<? super K, ? super V>> getWeigherFactory() {
    return weigherFactory;
  }

  private static void requirePositive(String what, long max) {
    if (max < 1) {
      throw new IllegalArgumentException(
          what + " must be at least 1, but was " + max + ": choose a bound, or set none");
    }
  }

  private static IllegalStateException both(String what, long value) {
    return new IllegalStateException(
        "a cache must not have both max-entries and max-weight, but "
            + what
            + " is set to "
            + value
            + " already: choose one of the two");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof WarrenConfiguration<?, ?> that
        && maxEntries == that.maxEntries
        && maxWeight == that.maxWeight
        && Objects.equals(weigherFactory, that.weigherFactory);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Objects.hash(maxEntries, maxWeight, weigherFactory);
  }
}
