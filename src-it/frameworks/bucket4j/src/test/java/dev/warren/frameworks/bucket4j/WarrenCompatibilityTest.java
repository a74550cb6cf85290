// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.bucket4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.WarrenCachingProvider;
import io.github.bucket4j.grid.jcache.CompatibilityTest;
import java.net.URI;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The check that Bucket4j asks a JCache provider to pass: entry processors lose no update. */
class WarrenCompatibilityTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  @Test
  void compatibilityTest_cacheByValue_passes() throws Exception {
    try (CacheManager manager =
        Caching.getCachingProvider(WarrenCachingProvider.class.getName())
            .getCacheManager(URI.create("warren:compatibility"), null)) {
      Cache<String, Integer> cache =
          manager.createCache(
              "counters",
              new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
      new CompatibilityTest(cache).test();
      assertThat(cache.get("42")).as("four threads, a thousand updates each").isEqualTo(4_000);
    }
  }
}
