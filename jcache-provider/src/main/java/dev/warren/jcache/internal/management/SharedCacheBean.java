// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import dev.warren.jcache.api.WarrenMetrics.CacheMetrics;
import java.util.function.Supplier;

/** The figures of a shared cache for JMX. */
record SharedCacheBean(Supplier<CacheMetrics> metrics) implements SharedCacheMXBean {

  @Override
  public boolean isReady() {
    return metrics.get().ready();
  }

  @Override
  public long getPosition() {
    return metrics.get().position();
  }

  @Override
  public long getEntries() {
    return metrics.get().entries();
  }

  @Override
  public long getUndecodable() {
    return metrics.get().undecodable();
  }
}
