// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.api.WarrenConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;

/**
 * The configuration of one cache: a private copy of what it was created with, plus what users
 * change at run time (listeners, statistics, management). Its monitor guards it; it hands out
 * copies.
 */
public final class CacheSettings<K, V> {
  private final MutableConfiguration<K, V> current;

  /** Copies {@code given}; what an incomplete configuration leaves out has JCache's defaults. */
  public CacheSettings(Configuration<K, V> given) {
    if (given instanceof CompleteConfiguration<K, V> complete) {
      current = copy(complete);
    } else {
      current =
          new MutableConfiguration<K, V>()
              .setTypes(given.getKeyType(), given.getValueType())
              .setStoreByValue(given.isStoreByValue());
    }
  }

  /** Lets entries expire so long after creation, unless the configuration has an expiry policy. */
  public synchronized void expireUnlessSet(Duration created) {
    if (current.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
      current.setExpiryPolicyFactory(
          CreatedExpiryPolicy.factoryOf(
              new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, created.toMillis())));
    }
  }

  /** A copy of the configuration as it is now. */
  public synchronized CompleteConfiguration<K, V> snapshot() {
    return copy(current);
  }

  private static <K, V> MutableConfiguration<K, V> copy(CompleteConfiguration<K, V> given) {
    return given instanceof WarrenConfiguration<K, V> bounded
        ? new WarrenConfiguration<>(bounded)
        : new MutableConfiguration<>(given);
  }

  /** The listeners registered now. */
  public synchronized List<CacheEntryListenerConfiguration<K, V>> listeners() {
    List<CacheEntryListenerConfiguration<K, V>> listeners = new ArrayList<>();
    current.getCacheEntryListenerConfigurations().forEach(listeners::add);
    return listeners;
  }

  synchronized void enableStatistics(boolean enable) {
    current.setStatisticsEnabled(enable);
  }

  synchronized void enableManagement(boolean enable) {
    current.setManagementEnabled(enable);
  }

  /**
   * @throws IllegalArgumentException if it is registered already
   */
  synchronized void add(CacheEntryListenerConfiguration<K, V> listener) {
    current.addCacheEntryListenerConfiguration(listener);
  }

  synchronized void remove(CacheEntryListenerConfiguration<K, V> listener) {
    current.removeCacheEntryListenerConfiguration(listener);
  }
}
