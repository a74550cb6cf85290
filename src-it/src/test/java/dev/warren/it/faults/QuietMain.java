// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.io.PrintStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * Uses everything that might make a JVM warn: copies by value, codec, log, database; with {@code
 * embedded} as first argument also the embedded parts, in this JVM. The other arguments are log and
 * persistence, or a folder. Says {@code copied N}, {@code replicated N} and {@code persisted}.
 */
final class QuietMain {
  private QuietMain() {}

  /** Fields of many kinds, some of which only Java serialization can copy. */
  static final class Order implements Serializable {
    private static final long serialVersionUID = 1L;
    final UUID id = UUID.randomUUID();
    final List<String> lines = new ArrayList<>(List.of("a", "b"));
    final Map<String, BigDecimal> prices = new TreeMap<>(Map.of("a", BigDecimal.TEN));
    final List<Integer> closed = Collections.unmodifiableList(List.of(1, 2));
    final Throwable failure = new IllegalStateException("kept");
    final Point place = new Point(1, 2, Instant.EPOCH);
    final int[] numbers = {1, 2, 3};
  }

  record Point(int x, double y, Instant at) {}

  public static void main(String[] arguments) {
    if (arguments[0].equals("embedded")) {
      try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
        run(broker.uri(), "embedded:?memory=true");
      }
    } else {
      run(arguments[0], arguments[1]);
    }
  }

  private static void run(String log, String persistence) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    CachingProvider provider = Caching.getCachingProvider();
    out.println("copied " + fill(provider.getCacheManager(), "local"));
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", "quiet-" + UUID.randomUUID());
    settings.setProperty("warren.log", log);
    settings.setProperty("warren.persistence", persistence);
    settings.setProperty("warren.serialization.allow", "dev.warren.it.**");
    settings.setProperty("warren.epoch-grace", "100ms");
    CacheManager[] nodes = new CacheManager[2];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] =
          provider.getCacheManager(
              URI.create("warren:node-" + i), provider.getDefaultClassLoader(), settings);
    }
    int filled = fill(nodes[0], "orders");
    Cache<String, Order> there = orders(nodes[1], "orders");
    there.unwrap(WarrenCache.class).awaitReady(Nodes.PATIENCE);
    nodes[0].getCache("orders").unwrap(WarrenCache.class).barrier(Nodes.PATIENCE);
    there.unwrap(WarrenCache.class).barrier(Nodes.PATIENCE);
    int read = 0;
    for (Cache.Entry<String, Order> entry : there) {
      read += entry.getValue().numbers.length == 3 ? 1 : 0;
    }
    out.println("replicated " + read + " of " + filled);
    nodes[0].unwrap(WarrenHealth.class).awaitPersisted(Nodes.PATIENCE);
    Recovery recovery = there.unwrap(WarrenCache.class).recovery();
    out.println("persisted, second node from " + recovery.source());
    provider.close();
  }

  private static Cache<String, Order> orders(CacheManager manager, String name) {
    return manager.createCache(
        name, new MutableConfiguration<String, Order>().setTypes(String.class, Order.class));
  }

  private static int fill(CacheManager manager, String name) {
    Cache<String, Order> cache = orders(manager, name);
    int copies = 0;
    for (int i = 0; i < 100; i++) {
      Order order = new Order();
      cache.put("k" + i, order);
      copies += cache.get("k" + i) != order ? 1 : 0;
    }
    return copies;
  }
}
