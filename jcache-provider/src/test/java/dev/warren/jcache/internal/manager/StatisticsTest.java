// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
  private static final float LONGEST_MICROS = TimeUnit.MINUTES.toMicros(1);

  private static Object attribute(String name) throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .getAttribute(
            new ObjectName(
                "javax.cache:type=CacheStatistics,CacheManager=warren.test,Cache=measured"),
            name);
  }

  private static Cache<String, String> measured(Caches caches, boolean locked) {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>().setStatisticsEnabled(true);
    if (locked) { // no operation goes without the key's lock then
      configuration.setExpiryPolicyFactory(OwnPolicy::new);
    }
    return caches.manager.createCache("measured", configuration);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void averageTimes_afterOperations_areTheirDuration(boolean locked) throws Exception {
    try (Caches caches = new Caches()) {
      Cache<String, String> cache = measured(caches, locked);
      cache.put("k", "v");
      cache.get("k");
      cache.remove("k");
      for (String name : new String[] {"AverageGetTime", "AveragePutTime", "AverageRemoveTime"}) {
        assertThat((Float) attribute(name)).as(name).isPositive().isLessThan(LONGEST_MICROS);
      }
    }
  }

  @Test
  void getAll_severalKeys_countsEach() throws Exception {
    try (Caches caches = new Caches()) {
      Cache<String, String> cache = measured(caches, false);
      cache.put("a", "v");
      cache.put("b", "v");
      cache.getAll(Set.of("a", "b", "c"));
      assertThat(attribute("CacheHits")).isEqualTo(2L);
      assertThat(attribute("CacheMisses")).isEqualTo(1L);
    }
  }

  /** Of the user: whether it runs foreign code cannot be known. */
  private static final class OwnPolicy implements ExpiryPolicy {
    @Override
    public Duration getExpiryForCreation() {
      return Duration.ONE_DAY;
    }

    @Override
    public Duration getExpiryForAccess() {
      return Duration.ONE_DAY;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return Duration.ONE_DAY;
    }
  }
}
