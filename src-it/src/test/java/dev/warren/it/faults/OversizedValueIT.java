// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.embedded.EmbeddedMongo;
import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.persistence.MongoCacheLoader;
import dev.warren.persistence.MongoCacheWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.Test;

/** A value above {@code max-value-size} changes nothing: here, there, or in the external store. */
class OversizedValueIT {
  private static final String LARGE = "x".repeat(3_000);
  private static final String LIMIT = "warren.max-value-size";

  @Test
  void write_valueTooLarge_isRefusedAndNothingChangesAnywhere() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0);
        EmbeddedMongo mongo = EmbeddedMongo.inMemory(0);
        Nodes nodes = new Nodes()) {
      Node one = nodes.open(broker.uri(), LIMIT, "1000");
      Node two = nodes.open(broker.uri(), LIMIT, "1000");
      Cache<String, String> here = written(one, mongo.uri());
      Cache<String, String> there = written(two, mongo.uri());
      here.put("k", "small");
      CacheLoader<String, String> store = store(mongo.uri());
      assertThat(store.load("k")).as("the store is written through").isEqualTo("small");

      assertRefused(here, cache -> cache.put("k", LARGE));
      assertRefused(here, cache -> cache.put("new", LARGE));
      assertRefused(here, cache -> cache.getAndPut("k", LARGE));
      assertRefused(here, cache -> cache.putIfAbsent("new", LARGE));
      assertRefused(here, cache -> cache.replace("k", LARGE));
      assertRefused(here, cache -> cache.replace("k", "small", LARGE));
      assertRefused(here, cache -> cache.getAndReplace("k", LARGE));
      assertRefused(here, cache -> cache.invoke("k", (entry, arguments) -> set(entry, LARGE)));
      assertRefused(here, cache -> cache.invoke("new", (entry, arguments) -> set(entry, LARGE)));
      Map<String, String> several = new LinkedHashMap<>();
      several.put("first", "small");
      several.put("new", LARGE);
      several.put("k", "other");
      assertRefused(here, cache -> cache.putAll(several));

      assertThat(store.loadAll(Set.of("k", "new", "first"))).isEqualTo(Map.of("k", "small"));
      here.put("end", "small");
      here.unwrap(WarrenCache.class).barrier(Nodes.PATIENCE);
      there.unwrap(WarrenCache.class).awaitReady(Nodes.PATIENCE);
      there.unwrap(WarrenCache.class).barrier(Nodes.PATIENCE);
      for (Cache<String, String> cache : List.of(here, there)) {
        assertThat(cache).extracting(Cache.Entry::getKey).containsExactlyInAnyOrder("k", "end");
        assertThat(cache.get("k")).isEqualTo("small");
      }
    }
  }

  private static boolean set(MutableEntry<String, String> entry, String value) {
    entry.setValue(value);
    return true;
  }

  private static void assertRefused(
      Cache<String, String> cache, Consumer<Cache<String, String>> write) {
    assertThatThrownBy(() -> write.accept(cache))
        .isInstanceOf(CacheException.class)
        .satisfies(
            thrown -> {
              Throwable innermost = thrown;
              while (innermost.getCause() != null) {
                innermost = innermost.getCause();
              }
              assertThat(innermost)
                  .isInstanceOf(CacheException.class)
                  .hasMessageContaining("at most 1,000 bytes encoded, but had 3,001")
                  .hasMessageContaining(LIMIT);
            });
  }

  private static Cache<String, String> written(Node node, String mongo) {
    return node.manager.createCache(
        "written",
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setWriteThrough(true)
            .setCacheWriterFactory(
                MongoCacheWriter.factory(mongo, "store", String.class, String.class)));
  }

  private static CacheLoader<String, String> store(String mongo) {
    return MongoCacheLoader.factory(mongo, "store", String.class, String.class).create();
  }
}
