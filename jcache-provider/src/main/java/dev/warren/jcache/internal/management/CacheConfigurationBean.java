// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import java.util.function.BooleanSupplier;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.management.CacheMXBean;

/**
 * A cache's configuration as JMX shows it. Holds no object of the user's: the JMX server would keep
 * it, and its class loader, if the cache is never closed.
 */
final class CacheConfigurationBean implements CacheMXBean {
  private final String keyType;
  private final String valueType;
  private final boolean readThrough;
  private final boolean writeThrough;
  private final boolean storeByValue;
  private final BooleanSupplier statisticsEnabled;

  CacheConfigurationBean(
      CompleteConfiguration<?, ?> configuration, BooleanSupplier statisticsEnabled) {
    this.keyType = configuration.getKeyType().getName();
    this.valueType = configuration.getValueType().getName();
    this.readThrough = configuration.isReadThrough();
    this.writeThrough = configuration.isWriteThrough();
    this.storeByValue = configuration.isStoreByValue();
    this.statisticsEnabled = statisticsEnabled;
  }

  @Override
  public String getKeyType() {
    return keyType;
  }

  @Override
  public String getValueType() {
    return valueType;
  }

  @Override
  public boolean isReadThrough() {
    return readThrough;
  }

  @Override
  public boolean isWriteThrough() {
    return writeThrough;
  }

  @Override
  public boolean isStoreByValue() {
    return storeByValue;
  }

  @Override
  public boolean isStatisticsEnabled() {
    return statisticsEnabled.getAsBoolean();
  }

  /** The bean is registered exactly while this is so. */
  @Override
  public boolean isManagementEnabled() {
    return true;
  }
}
