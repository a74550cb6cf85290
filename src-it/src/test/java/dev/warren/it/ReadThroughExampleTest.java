// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.embedded.EmbeddedMongo;
import dev.warren.it.ReadThroughExample.Product;
import dev.warren.jcache.WarrenCachingProvider;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;

/** The code of docs/persistence.md on the MongoDB stand-in. */
class ReadThroughExampleTest {

  @Test
  void open_anotherCacheOnTheSameCollection_loadsWhatTheFirstWrote() {
    try (EmbeddedMongo mongo = EmbeddedMongo.inMemory(0);
        WarrenCachingProvider provider = new WarrenCachingProvider()) {
      String uri = mongo.uri() + "/shop";
      try (CacheManager first = provider.getCacheManager()) {
        Cache<String, Product> products = ReadThroughExample.open(first, uri);
        products.put("tea", new Product("Tea", 350));
        products.put("rum", new Product("Rum", 1_990));
        products.remove("rum");
      }
      try (CacheManager second = provider.getCacheManager()) {
        Cache<String, Product> products = ReadThroughExample.open(second, uri);
        assertThat(products.get("tea")).isEqualTo(new Product("Tea", 350));
        assertThat(products.get("rum")).isNull();
      }
    }
  }
}
