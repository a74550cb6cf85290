// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.data.CurrencyNames;
import dev.warren.examples.demo.data.Dataset;
import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.examples.demo.data.ZoneTransitions;
import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.WarrenCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.cache.CacheException;

/** Fills the caches with the real data, reads them, and compares them with the JDK. */
final class DataCommands {

  /** Puts between two barriers: keeps the outbox small and the progress honest. */
  private static final int PUTS_PER_BARRIER = 1_000;

  private static final Duration BARRIER_TIMEOUT = Duration.ofSeconds(60);

  private final NodeCaches caches;

  DataCommands(NodeCaches caches) {
    this.caches = caches;
  }

  /** Puts every entry of both sets and returns when the log holds them all. */
  Line fill(Line request, Command.Steps steps) {
    long start = System.nanoTime();
    Dataset<ZoneTransition> zones = ZoneTransitions.dataset(Edition.FIRST);
    Dataset<String> names = CurrencyNames.dataset();
    long computed = System.nanoTime();
    putAll(zones, caches.zones(), 0, steps);
    putAll(names, caches.names(), zones.size(), steps);
    return Line.of(Line.OK)
        .with("zones", zones.size())
        .with("names", names.size())
        .with("computeNanos", computed - start)
        .with("nanos", System.nanoTime() - computed);
  }

  private static <V> void putAll(
      Dataset<V> set, WarrenCache<String, V> cache, long before, Command.Steps steps) {
    int done = 0;
    for (Map.Entry<String, V> entry : set.entries().entrySet()) {
      cache.put(entry.getKey(), entry.getValue());
      if (++done % PUTS_PER_BARRIER == 0) {
        cache.barrier(BARRIER_TIMEOUT);
        steps.done(before + done);
      }
    }
    cache.barrier(BARRIER_TIMEOUT);
    steps.done(before + done);
  }

  /** Waits until this node's memory holds as many entries as named. */
  Line await(Line request, Command.Steps steps) throws InterruptedException {
    long zones = request.number("zones");
    long names = request.number("names");
    long start = System.nanoTime();
    Polling.until(
        () -> caches.zones().size() >= zones && caches.names().size() >= names,
        Duration.ofMillis(request.number("timeoutMillis")),
        () ->
            "expected %d and %d entries, but this node holds %d and %d"
                .formatted(zones, names, caches.zones().size(), caches.names().size()));
    return Line.of(Line.OK).with("nanos", System.nanoTime() - start);
  }

  /** Compares every key of both sets with what the JDK of this process says. */
  Line check(Line request, Command.Steps steps) {
    Comparison comparison = new Comparison(steps);
    comparison.compare(
        ZoneTransitions.dataset(Edition.of(request.text("edition"))), caches.zones());
    comparison.compare(CurrencyNames.dataset(), caches.names());
    return comparison.answer();
  }

  /** Reads all keys round and round from this node's memory, with one thread, values copied. */
  Line read(Line request, Command.Steps steps) {
    long until = System.nanoTime() + Duration.ofMillis(request.number("millis")).toNanos();
    List<String> zoneKeys =
        List.copyOf(ZoneTransitions.dataset(Edition.CORRECTED).entries().keySet());
    List<String> nameKeys = List.copyOf(CurrencyNames.dataset().entries().keySet());
    long reads = 0;
    long absent = 0;
    long start = System.nanoTime();
    do {
      for (String key : zoneKeys) {
        absent += caches.zones().get(key) == null ? 1 : 0;
      }
      for (String key : nameKeys) {
        absent += caches.names().get(key) == null ? 1 : 0;
      }
      reads += zoneKeys.size() + nameKeys.size();
    } while (System.nanoTime() < until);
    return Line.of(Line.OK)
        .with("reads", reads)
        .with("absent", absent)
        .with("nanos", System.nanoTime() - start);
  }

  /** Replaces one right answer by a wrong one, to show that a wrong answer is found. */
  Line plantWrongAnswer(Line request, Command.Steps steps) {
    Dataset<String> names = CurrencyNames.dataset();
    String key = names.entries().firstKey();
    caches.names().put(key, "a planted wrong answer");
    caches.names().barrier(BARRIER_TIMEOUT);
    if (Objects.equals(names.entries().get(key), caches.names().get(key))) {
      throw new CacheException("the planted answer was not stored");
    }
    return Line.of(Line.OK).with("key", key);
  }
}
