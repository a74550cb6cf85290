// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * By value: all user code here spoils every key and value that it is handed, and keeps and spoils
 * what it hands in. The cache must not show it, nor must anyone else be handed what was spoilt.
 */
class IsolationTest {
  private static final int SPOILT = -1;
  private final Caches caches = new Caches("warren:isolation");
  private final List<List<Integer>> handedIn = new ArrayList<>();
  private int calls;

  @AfterEach
  void stop() {
    caches.close();
  }

  /** Checks that nobody spoilt it before, then does. */
  private void spoil(List<Integer> list) {
    calls++;
    assertThat(list).doesNotContain(SPOILT).hasSize(1);
    list.add(SPOILT);
  }

  private List<Integer> handIn(int value) {
    List<Integer> list = list(value);
    handedIn.add(list);
    return list;
  }

  private static List<Integer> list(int value) {
    return new ArrayList<>(List.of(value));
  }

  private void spoilAllHandedIn() {
    handedIn.forEach(
        list -> {
          if (!list.contains(SPOILT)) {
            list.add(SPOILT);
          }
        });
    handedIn.clear();
  }

  private final class Spoiler
      implements CacheEntryCreatedListener<List<Integer>, List<Integer>>,
          CacheEntryUpdatedListener<List<Integer>, List<Integer>>,
          CacheEntryRemovedListener<List<Integer>, List<Integer>>,
          CacheEntryExpiredListener<List<Integer>, List<Integer>>,
          CacheEntryEventFilter<List<Integer>, List<Integer>>,
          CacheLoader<List<Integer>, List<Integer>>,
          CacheWriter<List<Integer>, List<Integer>> {

    private void spoil(CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>> event) {
      IsolationTest.this.spoil(event.getKey());
      IsolationTest.this.spoil(event.getValue());
      if (event.isOldValueAvailable()) {
        IsolationTest.this.spoil(event.getOldValue());
      }
    }

    @Override
    public boolean evaluate(CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>> e) {
      spoil(e);
      return true;
    }

    @Override
    public void onCreated(
        Iterable<CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>>> events) {
      events.forEach(this::spoil);
    }

    @Override
    public void onUpdated(
        Iterable<CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>>> events) {
      events.forEach(this::spoil);
    }

    @Override
    public void onRemoved(
        Iterable<CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>>> events) {
      events.forEach(this::spoil);
    }

    @Override
    public void onExpired(
        Iterable<CacheEntryEvent<? extends List<Integer>, ? extends List<Integer>>> events) {
      events.forEach(this::spoil);
    }

    @Override
    public List<Integer> load(List<Integer> key) {
      List<Integer> value = handIn(key.get(0) * 10);
      IsolationTest.this.spoil(key);
      return value;
    }

    @Override
    public Map<List<Integer>, List<Integer>> loadAll(Iterable<? extends List<Integer>> keys) {
      Map<List<Integer>, List<Integer>> loaded = new HashMap<>();
      for (var each = keys.iterator(); each.hasNext(); ) {
        List<Integer> key = each.next();
        loaded.put(List.copyOf(key), handIn(key.get(0) * 10));
        each.remove();
        IsolationTest.this.spoil(key);
      }
      return loaded;
    }

    @Override
    public void write(Cache.Entry<? extends List<Integer>, ? extends List<Integer>> entry) {
      IsolationTest.this.spoil(entry.getKey());
      IsolationTest.this.spoil(entry.getValue());
    }

    @Override
    public void writeAll(
        Collection<Cache.Entry<? extends List<Integer>, ? extends List<Integer>>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void delete(Object key) {
      IsolationTest.this.spoil((List<Integer>) key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }

  @Test
  void allOperations_userCodeThatSpoilsAllItGets_changesNothingStored() throws Exception {
    Spoiler spoiler = new Spoiler();
    MutableConfiguration<List<Integer>, List<Integer>> configuration =
        new MutableConfiguration<List<Integer>, List<Integer>>()
            .setReadThrough(true)
            .setWriteThrough(true)
            .setCacheLoaderFactory(() -> spoiler)
            .setCacheWriterFactory(() -> spoiler)
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.SECONDS, 10)));
    for (int i = 0; i < 2; i++) {
      boolean withFilter = i == 0;
      configuration.addCacheEntryListenerConfiguration(
          new MutableCacheEntryListenerConfiguration<>(
              () -> spoiler, withFilter ? () -> spoiler : null, true, true));
    }
    Cache<List<Integer>, List<Integer>> cache = caches.manager.createCache("c", configuration);

    spoil(cache.get(handIn(1)));
    assertHolds(cache, 1, 10);
    cache.getAll(Set.of(handIn(2), handIn(3))).forEach((key, value) -> spoilBoth(key, value));
    assertHolds(cache, 2, 20);
    assertHolds(cache, 3, 30);
    CompletionListenerFuture reloaded = new CompletionListenerFuture();
    cache.loadAll(Set.of(handIn(4), handIn(1)), true, reloaded);
    reloaded.get(20, TimeUnit.SECONDS);
    assertHolds(cache, 4, 40);
    assertHolds(cache, 1, 10);

    cache.put(handIn(5), handIn(50));
    assertHolds(cache, 5, 50);
    spoil(cache.getAndPut(handIn(5), handIn(51)));
    assertHolds(cache, 5, 51);
    Map<List<Integer>, List<Integer>> several = Map.of(handIn(6), handIn(60));
    cache.putAll(several);
    assertHolds(cache, 6, 60);
    assertThat(cache.putIfAbsent(handIn(7), handIn(70))).isTrue();
    assertHolds(cache, 7, 70);
    assertThat(cache.replace(handIn(7), list(70), handIn(71))).isTrue();
    spoil(cache.getAndReplace(handIn(7), handIn(72)));
    assertThat(cache.replace(handIn(7), handIn(73))).isTrue();
    assertHolds(cache, 7, 73);

    EntryProcessor<List<Integer>, List<Integer>, List<Integer>> processor =
        (entry, args) -> {
          spoil(entry.getKey());
          spoil(entry.getValue());
          entry.setValue(handIn(99));
          spoil(entry.getValue());
          spoilAllHandedIn();
          return entry.getValue();
        };
    spoil(cache.invoke(handIn(8), processor));
    assertHolds(cache, 8, 99);
    cache
        .invokeAll(Set.of(handIn(8)), processor)
        .forEach((key, result) -> spoilBoth(key, result.get()));
    assertHolds(cache, 8, 99);
    cache.invoke(
        handIn(8),
        (entry, args) -> {
          spoil(entry.getValue()); // and does not set it
          return null;
        });
    assertHolds(cache, 8, 99);

    cache.forEach(entry -> spoilBoth(entry.getKey(), entry.getValue()));
    for (int key = 1; key <= 8; key++) {
      assertThat(cache.containsKey(list(key))).isTrue();
    }
    assertThat(cache.remove(handIn(8))).isTrue();
    spoil(cache.getAndRemove(handIn(7)));
    cache.removeAll(Set.of(handIn(6)));
    caches.advance(10_000);
    spoil(cache.get(handIn(5)));
    assertHolds(cache, 5, 50);
    cache.removeAll();
    assertThat(cache.iterator().hasNext()).isFalse();
    assertThat(calls).isGreaterThan(100);
  }

  private void spoilBoth(List<Integer> key, List<Integer> value) {
    spoil(key);
    spoil(value);
  }

  private void assertHolds(Cache<List<Integer>, List<Integer>> cache, int key, int value) {
    spoilAllHandedIn();
    assertThat(cache.containsKey(list(key))).isTrue();
    assertThat(cache.get(list(key))).containsExactly(value);
    for (Cache.Entry<List<Integer>, List<Integer>> entry : cache) {
      assertThat(entry.getKey()).hasSize(1);
      assertThat(entry.getValue()).hasSize(1);
    }
  }
}
