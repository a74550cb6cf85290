// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.jcache.api.CyclicWaitException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What processors, loaders, writers and listeners may do with the caches that call them. */
class NestedCallsTest {
  private final Caches caches = new Caches("warren:nested");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CyclicBarrier both = new CyclicBarrier(2);
  private final Set<String> met = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    caches.close();
  }

  // ---- cycles

  @Test
  void invoke_processorsThatTouchEachOthersKey_oneFailsAndTheOtherGoesOn() throws Exception {
    Cache<String, String> cache = cache("one");
    assertOneGivesWay(
        () -> processing(cache, "a", cache, "b"), () -> processing(cache, "b", cache, "a"));
    assertThat(cache.get("a") == null || cache.get("b") == null).isFalse();
  }

  @Test
  void invoke_processorsOfTwoCachesThatTouchEachOther_oneFails() throws Exception {
    Cache<String, String> first = cache("first");
    Cache<String, String> second = cache("second");
    assertOneGivesWay(
        () -> processing(first, "k", second, "k"), () -> processing(second, "k", first, "k"));
  }

  @Test
  void clear_byAProcessorOfACacheThatItsKeyHolderWaitsFor_oneFails() throws Exception {
    Cache<String, String> first = cache("first");
    Cache<String, String> second = cache("second");
    assertOneGivesWay(
        () ->
            first.invoke(
                "k",
                (entry, args) -> {
                  meet();
                  second.clear();
                  return null;
                }),
        () -> processing(second, "k", first, "k"));
  }

  private void processing(
      Cache<String, String> outer, String key, Cache<String, String> inner, String other) {
    outer.invoke(
        key,
        (entry, args) -> {
          meet();
          inner.put(other, "inner");
          entry.setValue("outer");
          return null;
        });
  }

  @Test
  void get_loadersThatReadEachOthersKey_oneFails() throws Exception {
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache =
        cache(
            "loading",
            new Loader(
                key -> {
                  if (first(key)) {
                    meet();
                    call(self).get(key.equals("a") ? "b" : "a");
                  }
                  return "loaded";
                }));
    self.set(cache);
    assertOneGivesWay(() -> cache.get("a"), () -> cache.get("b"));
  }

  /** True once per key: what the other has loaded in the end need not be waited for again. */
  private boolean first(String key) {
    return met.add(key);
  }

  @Test
  void put_writersThatWriteEachOthersKey_oneFails() throws Exception {
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache =
        cache(
            "writing",
            new Writer(
                (key, value) -> {
                  if (value.equals("outer")) {
                    meet();
                    call(self).put(key.equals("a") ? "b" : "a", "inner");
                  }
                }));
    self.set(cache);
    assertOneGivesWay(() -> cache.put("a", "outer"), () -> cache.put("b", "outer"));
  }

  @Test
  void putAll_writerThatTouchesAProcessedKey_oneFails() throws Exception {
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache =
        cache(
            "bulk",
            new Writer(
                (key, value) -> {
                  if (value.equals("bulk") && key.equals("a")) {
                    meet();
                    call(self).putAll(Map.of("x", "inner", "y", "inner"));
                  }
                }));
    self.set(cache);
    assertOneGivesWay(
        () -> cache.putAll(Map.of("a", "bulk", "b", "bulk")),
        () ->
            cache.invoke(
                "x",
                (entry, args) -> {
                  meet();
                  cache.removeAll(Set.of("b", "c"));
                  return null;
                }));
  }

  @Test
  void loadAll_withinAProcessorThatWaitsForIt_ends() {
    Cache<String, String> cache = cache("loads", new Loader(key -> "loaded " + key));
    String result =
        cache.invoke(
            "k",
            (entry, args) -> {
              CompletionListenerFuture loaded = new CompletionListenerFuture();
              cache.loadAll(Set.of("k", "l"), true, loaded);
              get(loaded);
              return cache.get("k");
            });
    assertThat(result).isEqualTo("loaded k");
  }

  @Test
  void loadAll_withinAListenerThatWaitsForIt_ends() {
    Cache<String, String> cache = cache("heard", new Loader(key -> "loaded " + key));
    CacheEntryCreatedListener<String, String> reloading =
        events -> {
          CompletionListenerFuture loaded = new CompletionListenerFuture();
          cache.loadAll(Set.of("k"), true, loaded);
          get(loaded);
        };
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> reloading, null, true, true));
    cache.put("k", "put");
    assertThat(cache.get("k")).isEqualTo("loaded k");
  }

  @Test
  void close_byAProcessorOfACacheWhoseKeyHolderWaitsForIt_ends() throws Exception {
    Cache<String, String> first = cache("first");
    Cache<String, String> second = cache("second");
    Future<?> closing =
        threads.submit(
            () ->
                first.invoke(
                    "k",
                    (entry, args) -> {
                      meet();
                      second.close();
                      return null;
                    }));
    Future<?> other = threads.submit(() -> processing(second, "k", first, "k"));
    closing.get(9, TimeUnit.SECONDS);
    awaitEnd(other);
    assertThat(second.isClosed()).isTrue();
  }

  // ---- re-entry on the same key

  @Test
  void invoke_processorThatPutsAndThenSetsItsKey_updatesWhatItPut() {
    Cache<String, String> cache = cache("own");
    Recording<String, String> heard = Recording.of(cache);
    cache.invoke(
        "k",
        (entry, args) -> {
          cache.put("k", "inner");
          entry.setValue("outer");
          return null;
        });
    assertThat(cache.get("k")).isEqualTo("outer");
    assertThat(heard.events).containsExactly("CREATED k=inner", "UPDATED k=inner>outer");
  }

  @Test
  void invoke_processorThatRemovesItsKeyBothWays_removesOnce() {
    Cache<String, String> cache = cache("own");
    cache.put("k", "old");
    Recording<String, String> heard = Recording.of(cache);
    cache.invoke(
        "k",
        (entry, args) -> {
          cache.remove("k");
          entry.remove();
          return null;
        });
    assertThat(heard.events).containsExactly("REMOVED k=old");
  }

  @Test
  void put_writerThatPutsItsKey_tellsTheHistoryInOrder() {
    Map<String, String> rows = new HashMap<>();
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache =
        cache(
            "own",
            new Writer(
                (key, value) -> {
                  if (value.equals("outer")) {
                    call(self).put(key, "inner");
                  }
                  rows.put(key, value);
                }));
    self.set(cache);
    Recording<String, String> heard = Recording.of(cache);
    cache.put("k", "outer");
    assertThat(cache.get("k")).isEqualTo("outer").isEqualTo(rows.get("k"));
    assertThat(heard.events).containsExactly("CREATED k=inner", "UPDATED k=inner>outer");
    assertThat(cache.replace("k", "outer")).isTrue();
    assertThat(heard.events).endsWith("UPDATED k=outer>inner", "UPDATED k=inner>outer").hasSize(4);
  }

  @Test
  void get_loaderThatPutsItsKey_keepsWhatWasPut() {
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache =
        cache(
            "own",
            new Loader(
                key -> {
                  call(self).put(key, "put");
                  return "loaded";
                }));
    self.set(cache);
    Recording<String, String> heard = Recording.of(cache);
    assertThat(cache.get("k")).isEqualTo("put");
    assertThat(cache.getAll(Set.of("l", "m"))).isEqualTo(Map.of("l", "put", "m", "put"));
    CompletionListenerFuture again = new CompletionListenerFuture();
    cache.loadAll(Set.of("k"), true, again);
    get(again);
    assertThat(cache.get("k")).isEqualTo("loaded");
    assertThat(heard.events)
        .containsExactlyInAnyOrder(
            "CREATED k=put",
            "CREATED l=put",
            "CREATED m=put",
            "UPDATED k=put>put",
            "UPDATED k=put>loaded");
  }

  @Test
  void get_loaderThatReadsItsOwnKey_failsInsteadOfRecursingForEver() {
    AtomicReference<Cache<String, String>> self = new AtomicReference<>();
    Cache<String, String> cache = cache("own", new Loader(key -> call(self).get(key)));
    self.set(cache);
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseInstanceOf(StackOverflowError.class);
    cache.put("k", "v");
    assertThat(cache.get("k")).isEqualTo("v");
  }

  // ---- surroundings

  private static <T> T call(AtomicReference<T> reference) {
    return Objects.requireNonNull(reference.get());
  }

  private void meet() {
    try {
      both.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void get(CompletionListenerFuture future) {
    try {
      future.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    try {
      future.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasRootCauseInstanceOf(RuntimeException.class);
    }
  }

  /** Both end, exactly one with a CyclicWaitException as the root of what it throws. */
  private void assertOneGivesWay(Runnable one, Runnable other) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    for (Future<?> future : List.of(threads.submit(one), threads.submit(other))) {
      try {
        future.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        failures.add(e);
      }
    }
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0)).hasRootCauseInstanceOf(CyclicWaitException.class);
  }

  private Cache<String, String> cache(String name) {
    return caches.manager.createCache(name, configuration());
  }

  private Cache<String, String> cache(String name, Loader loader) {
    return caches.manager.createCache(
        name, configuration().setReadThrough(true).setCacheLoaderFactory(() -> loader));
  }

  private Cache<String, String> cache(String name, Writer writer) {
    return caches.manager.createCache(
        name, configuration().setWriteThrough(true).setCacheWriterFactory(() -> writer));
  }

  private static MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  private interface Load {
    @Nullable String of(String key);
  }

  private record Loader(Load load) implements CacheLoader<String, String> {
    @Override
    public @Nullable String load(String key) {
      return load.of(key);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load.of(key)));
      return loaded;
    }
  }

  private record Writer(BiConsumer<String, String> write) implements CacheWriter<String, String> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      write.accept(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(this::write);
    }

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {}
  }
}
