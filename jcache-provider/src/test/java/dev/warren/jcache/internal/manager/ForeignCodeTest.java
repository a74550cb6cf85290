// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User code that throws, returns nonsense, or hands in objects of the wrong type. */
class ForeignCodeTest {
  private final Caches caches = new Caches("warren:foreign");

  @AfterEach
  void stop() {
    caches.close();
  }

  private static MutableConfiguration<String, Integer> configuration() {
    return new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class);
  }

  /** Throws what the compiler would not let through, as other languages can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable, R> R sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // it returns nothing
  private static <R> R fail(String kind) {
    return ForeignCodeTest.<RuntimeException, R>sneak(
        switch (kind) {
          case "exception" -> new IllegalStateException("planned");
          case "error" -> new AssertionError("planned");
          default -> new IOException("planned");
        });
  }

  // ---- listeners and filters

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void put_listenerThrows_changeStandsAndOtherListenersHear(String kind) {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    CacheEntryCreatedListener<String, Integer> failing = events -> fail(kind);
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> failing, null, true, true));
    Recording<String, Integer> heard = Recording.of(cache);
    for (String key : List.of("k", "l")) {
      assertThatThrownBy(() -> cache.put(key, 1))
          .isInstanceOf(CacheEntryListenerException.class)
          .hasRootCauseMessage("planned");
    }
    cache.put("k", 2); // the key's queue is free again
    assertThat(heard.events).containsExactly("CREATED k=1", "CREATED l=1", "UPDATED k=1>2");
    assertThat(cache.get("k")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void put_filterThrows_changeStands(String kind) {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    CacheEntryEventFilter<String, Integer> failing = event -> ForeignCodeTest.<Boolean>fail(kind);
    Recording<String, Integer> heard = new Recording<>();
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> heard, () -> failing, true, true));
    assertThatThrownBy(() -> cache.put("k", 1)).isInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.get("k")).isEqualTo(1);
    assertThat(heard.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void put_asynchronousListenerThrows_nextEventsComeThrough(String kind) {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    AtomicInteger calls = new AtomicInteger();
    CacheEntryCreatedListener<String, Integer> failing =
        events -> {
          if (calls.incrementAndGet() < 3) {
            fail(kind);
          }
        };
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> failing, null, true, false));
    for (int i = 0; i < 3; i++) {
      cache.put("k" + i, i);
    }
    await("all three events").untilAsserted(() -> assertThat(calls).hasValue(3));
  }

  @Test
  void putAllRemoveAllInvokeAll_listenerThrows_allKeysAreDone() {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    CacheEntryCreatedListener<String, Integer> failing = events -> fail("exception");
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> failing, null, true, true));
    assertThatThrownBy(() -> cache.putAll(Map.of("a", 1, "b", 2, "c", 3)))
        .isInstanceOf(CacheEntryListenerException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    assertThat(cache.getAll(Set.of("a", "b", "c"))).hasSize(3);
    Map<String, EntryProcessorResult<Integer>> results =
        cache.invokeAll(
            Set.of("a", "x", "y"),
            (entry, args) -> {
              entry.setValue(7);
              return 7;
            });
    assertThat(result(results, "a")).isEqualTo(7);
    assertThatThrownBy(() -> result(results, "x"))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.get("x")).isEqualTo(7);
    assertThat(cache.get("y")).isEqualTo(7);
  }

  private static Integer result(Map<String, EntryProcessorResult<Integer>> results, String key) {
    return Objects.requireNonNull(results.get(key)).get();
  }

  // ---- loaders

  private static final class Loader implements CacheLoader<String, Integer> {
    Function<String, @Nullable Integer> one = key -> null;
    Function<Iterable<? extends String>, @Nullable Map<String, Integer>> several = keys -> null;

    @Override
    public @Nullable Integer load(String key) {
      return one.apply(key);
    }

    @Override
    @SuppressWarnings("NullAway") // what JCache forbids and loaders do
    public Map<String, Integer> loadAll(Iterable<? extends String> keys) {
      return several.apply(keys);
    }
  }

  private Cache<String, Integer> loading(Loader loader) {
    return caches.manager.createCache(
        "loading", configuration().setReadThrough(true).setCacheLoaderFactory(() -> loader));
  }

  private static void loadAll(Cache<String, Integer> cache, Set<String> keys) throws Exception {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(keys, true, done);
    done.get(20, TimeUnit.SECONDS);
  }

  @Test
  void loadAll_nullMap_isNothing() throws Exception {
    Cache<String, Integer> cache = loading(new Loader());
    loadAll(cache, Set.of("a"));
    assertThat(cache.getAll(Set.of("a", "b"))).isEmpty();
    assertThat(cache.get("a")).isNull();
  }

  @Test
  void loadAll_tooManyTooFewAndNullValued_storesWhatWasAskedForAndIsThere() throws Exception {
    Loader loader = new Loader();
    loader.several =
        keys -> {
          Map<String, Integer> loaded = new HashMap<>();
          loaded.put("a", 1);
          loaded.put("b", null);
          loaded.put(null, 3);
          loaded.put("unasked", 4);
          return loaded;
        };
    Cache<String, Integer> cache = loading(loader);
    assertThat(cache.getAll(Set.of("a", "b", "c"))).isEqualTo(Map.of("a", 1));
    cache.removeAll();
    loadAll(cache, new LinkedHashSet<>(List.of("a", "b", "c")));
    assertThat(cache.containsKey("a")).isTrue();
    assertThat(cache.containsKey("b")).isFalse();
    assertThat(cache.containsKey("unasked")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void get_loaderThrows_isWrappedOnceAndNothingIsStored(String kind) {
    Loader loader = new Loader();
    loader.one = key -> fail(kind);
    loader.several = keys -> fail(kind);
    Cache<String, Integer> cache = loading(loader);
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseMessage("planned")
        .satisfies(e -> assertThat(e.getCause()).hasNoCause());
    assertThatThrownBy(() -> cache.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
    assertThatThrownBy(() -> loadAll(cache, Set.of("k"))).hasRootCauseMessage("planned");
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void get_loaderGivesTheWrongType_isRefused() {
    Loader loader = new Loader();
    Function wrong = key -> "no number";
    loader.one = wrong;
    Function wrongMap = keys -> Map.of("k", "no number");
    loader.several = wrongMap;
    Cache<String, Integer> cache = loading(loader);
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> cache.getAll(Set.of("k")))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseInstanceOf(ClassCastException.class);
    assertThat(cache.containsKey("k")).isFalse();
  }

  // ---- writers

  private static final class Writer implements CacheWriter<String, Integer> {
    final Map<String, Integer> rows = new ConcurrentHashMap<>();
    String kind = "";
    String refused = "";

    @Override
    public void write(Cache.Entry<? extends String, ? extends Integer> entry) {
      if (entry.getKey().equals(refused)) {
        fail(kind);
      }
      rows.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends Integer>> entries) {
      for (var left = entries.iterator(); left.hasNext(); left.remove()) {
        write(left.next());
      }
    }

    @Override
    public void delete(Object key) {
      if (key.equals(refused)) {
        fail(kind);
      }
      rows.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      for (var left = keys.iterator(); left.hasNext(); left.remove()) {
        delete(left.next());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void allWrites_writerThrows_cacheAndStoreStayEqual(String kind) {
    Writer writer = new Writer();
    Cache<String, Integer> cache =
        caches.manager.createCache(
            "writing", configuration().setWriteThrough(true).setCacheWriterFactory(() -> writer));
    cache.put("b", 0);
    writer.kind = kind;
    writer.refused = "b";
    Map<String, Integer> three = new LinkedHashMap<>();
    three.put("a", 1);
    three.put("b", 2);
    three.put("c", 3);
    List<Runnable> writes =
        List.of(
            () -> cache.put("b", 1),
            () -> cache.getAndPut("b", 1),
            () -> cache.replace("b", 1),
            () -> cache.remove("b"),
            () -> cache.getAndRemove("b"),
            () -> cache.putAll(three),
            () -> cache.removeAll(three.keySet()),
            cache::removeAll);
    for (Runnable write : writes) {
      assertThatThrownBy(write::run)
          .isInstanceOf(CacheWriterException.class)
          .hasRootCauseMessage("planned");
      Map<String, Integer> held = new HashMap<>();
      cache.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
      assertThat(held).isEqualTo(writer.rows);
    }
    assertThatThrownBy(
            () ->
                cache.invoke(
                    "b",
                    (entry, args) -> {
                      entry.setValue(9);
                      return null;
                    }))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(CacheWriterException.class);
    assertThat(cache.get("b")).isEqualTo(0);
  }

  // ---- policies

  @ParameterizedTest
  @ValueSource(strings = {"exception", "error", "checked"})
  void allOperations_policyThrows_countsAsNoOpinion(String kind) {
    ExpiryPolicy failing =
        new ExpiryPolicy() {
          @Override
          public Duration getExpiryForCreation() {
            return fail(kind);
          }

          @Override
          public Duration getExpiryForAccess() {
            return fail(kind);
          }

          @Override
          public Duration getExpiryForUpdate() {
            return fail(kind);
          }
        };
    Cache<String, Integer> cache =
        caches.manager.createCache("c", configuration().setExpiryPolicyFactory(() -> failing));
    cache.put("k", 1);
    cache.put("k", 2);
    caches.advance(1_000_000);
    assertThat(cache.get("k")).isEqualTo(2);
    assertThat(cache.iterator().next().getValue()).isEqualTo(2);
  }

  // ---- factories

  private static final class Closing implements Closeable {
    static final AtomicInteger OPEN = new AtomicInteger();

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  private static final class ClosingPolicy implements ExpiryPolicy, Closeable {
    private final Closing closing = new Closing();

    ClosingPolicy() {
      Closing.OPEN.incrementAndGet();
    }

    @Override
    public Duration getExpiryForCreation() {
      return Duration.ETERNAL;
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return null;
    }

    @Override
    public void close() {
      closing.close();
    }
  }

  private static final class ClosingListener
      implements CacheEntryCreatedListener<String, Integer>, Closeable {
    ClosingListener() {
      Closing.OPEN.incrementAndGet();
    }

    @Override
    public void onCreated(
        Iterable<javax.cache.event.CacheEntryEvent<? extends String, ? extends Integer>> events) {}

    @Override
    public void close() {
      Closing.OPEN.decrementAndGet();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy", "loader", "writer", "listener", "filter"})
  void createCache_factoryThrowsOrMakesNull_leavesNothingAndWrapsTheCause(String which)
      throws Exception {
    for (boolean throwing : new boolean[] {true, false}) {
      MutableConfiguration<String, Integer> configuration = broken(which, throwing);
      assertThatThrownBy(() -> caches.manager.createCache("broken", configuration))
          .isInstanceOf(CacheException.class)
          .satisfies(
              e -> assertThat(e).hasStackTraceContaining(throwing ? "planned" : "made null"));
      assertThat(Closing.OPEN).hasValue(0);
      assertThat(caches.manager.<String, Integer>getCache("broken")).isNull();
      assertThat(caches.manager.getCacheNames()).isEmpty();
      assertThat(
              ManagementFactory.getPlatformMBeanServer()
                  .queryNames(new ObjectName("javax.cache:Cache=broken,*"), null))
          .isEmpty();
    }
    caches.manager.createCache("broken", configuration()).put("k", 1);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // it returns null at most
  private static <T> @Nullable T broken(boolean throwing) {
    return throwing ? fail("exception") : null;
  }

  @SuppressWarnings("NullAway") // factories that make null
  private static MutableConfiguration<String, Integer> broken(String which, boolean throwing) {
    MutableConfiguration<String, Integer> c =
        configuration().setStatisticsEnabled(true).setManagementEnabled(true);
    c.setReadThrough(true).setWriteThrough(true);
    c.setExpiryPolicyFactory(() -> which.equals("policy") ? broken(throwing) : new ClosingPolicy());
    c.setCacheLoaderFactory(() -> which.equals("loader") ? broken(throwing) : new Loader());
    c.setCacheWriterFactory(() -> which.equals("writer") ? broken(throwing) : new Writer());
    c.addCacheEntryListenerConfiguration(
        new MutableCacheEntryListenerConfiguration<>(ClosingListener::new, null, true, true));
    c.addCacheEntryListenerConfiguration(
        new MutableCacheEntryListenerConfiguration<>(
            () -> which.equals("listener") ? broken(throwing) : new ClosingListener(),
            () -> which.equals("filter") ? broken(throwing) : event -> true,
            true,
            true));
    return c;
  }

  @ParameterizedTest
  @ValueSource(strings = {"listener", "filter"})
  void registerCacheEntryListener_factoryThrowsOrMakesNull_registersNothing(String which) {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    for (boolean throwing : new boolean[] {true, false}) {
      var broken =
          listeners(broken(which, throwing)).stream()
              .filter(listener -> listener.getCacheEntryEventFilterFactory() != null)
              .findFirst()
              .orElseThrow();
      assertThatThrownBy(() -> cache.registerCacheEntryListener(broken))
          .isInstanceOfAny(CacheException.class, IllegalArgumentException.class);
      assertThat(listeners(complete(cache))).isEmpty();
      assertThat(Closing.OPEN).hasValue(0);
    }
    cache.put("k", 1);
  }

  private static <K, V>
      List<javax.cache.configuration.CacheEntryListenerConfiguration<K, V>> listeners(
          CompleteConfiguration<K, V> configuration) {
    List<javax.cache.configuration.CacheEntryListenerConfiguration<K, V>> listeners =
        new ArrayList<>();
    configuration.getCacheEntryListenerConfigurations().forEach(listeners::add);
    return listeners;
  }

  @SuppressWarnings("unchecked") // JCache asks for the raw class
  private static <K, V> CompleteConfiguration<K, V> complete(Cache<K, V> cache) {
    return cache.getConfiguration(CompleteConfiguration.class);
  }

  // ---- types

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void allOperations_rawCasts_areRefusedBeforeAnythingHappens() {
    Cache<String, Integer> cache = caches.manager.createCache("c", configuration());
    cache.put("k", 1);
    Cache raw = cache;
    List<Runnable> wrong =
        List.of(
            () -> raw.get(1),
            () -> raw.getAll(Set.of(1)),
            () -> raw.containsKey(1),
            () -> raw.loadAll(Set.of(1), true, null),
            () -> raw.put(1, 1),
            () -> raw.put("k", "v"),
            () -> raw.getAndPut("k", "v"),
            () -> raw.putAll(Map.of("a", 1, "b", "v")),
            () -> raw.putIfAbsent("x", "v"),
            () -> raw.remove(1),
            () -> raw.remove("k", "v"),
            () -> raw.getAndRemove(1),
            () -> raw.replace("k", "v"),
            () -> raw.replace("k", 1, "v"),
            () -> raw.replace("k", "v", 1),
            () -> raw.getAndReplace("k", "v"),
            () -> raw.removeAll(Set.of(1)),
            () -> raw.invoke(1, (entry, args) -> null),
            () -> raw.invokeAll(Set.of(1), (entry, args) -> null));
    for (Runnable call : wrong) {
      assertThatThrownBy(call::run)
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("cache \"c\"");
    }
    assertThatThrownBy(
            () ->
                raw.invoke(
                    "k",
                    (entry, args) -> {
                      entry.setValue("v");
                      return null;
                    }))
        .isInstanceOf(EntryProcessorException.class)
        .hasRootCauseInstanceOf(ClassCastException.class);
    assertThat(cache.getAll(Set.of("k", "a", "b", "x"))).isEqualTo(Map.of("k", 1));
  }

  @Test
  void put_primitiveTypes_standForTheirWrappers() {
    Cache<Integer, Long> cache =
        caches.manager.createCache(
            "primitive", new MutableConfiguration<Integer, Long>().setTypes(int.class, long.class));
    cache.put(1, 2L);
    assertThat(cache.get(1)).isEqualTo(2L);
  }

  // ---- collections that refuse nulls, or to be changed

  @Test
  void bulkOperations_immutableCollections_areReadOnly() throws Exception {
    Loader loader = new Loader();
    loader.several = keys -> Map.of("a", 1);
    Cache<String, Integer> cache = loading(loader);
    assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", 1));
    cache.putAll(Map.of("c", 3));
    loadAll(cache, Set.of("a"));
    assertThat(cache.invokeAll(Set.of("a", "c"), (entry, args) -> entry.getKey())).hasSize(2);
    cache.removeAll(Set.of("a", "c"));
    assertThat(cache.iterator().hasNext()).isFalse();
    Set<String> withNull = new LinkedHashSet<>(Arrays.asList("a", null));
    assertThatThrownBy(() -> cache.getAll(withNull)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.removeAll(withNull)).isInstanceOf(NullPointerException.class);
    Map<String, Integer> nullValued = new LinkedHashMap<>();
    nullValued.put("a", 1);
    nullValued.put("b", null);
    assertThatThrownBy(() -> cache.putAll(nullValued)).isInstanceOf(NullPointerException.class);
    assertThat(cache.containsKey("a")).isFalse();
  }
}
