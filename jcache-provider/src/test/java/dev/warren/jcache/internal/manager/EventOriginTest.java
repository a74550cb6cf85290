// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenEvent;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import org.junit.jupiter.api.Test;

/** What listeners learn of the place of a change. */
class EventOriginTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "e" + UUID.randomUUID();

  @SuppressWarnings("unchecked") // of the same types as the cache itself
  private WarrenCache<String, String> cache(WarrenCachingProvider provider, Listener listener) {
    Properties settings = new Properties();
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", "memory:");
    settings.setProperty("warren.epoch-grace", "100ms");
    WarrenCache<String, String> cache =
        provider
            .getCacheManager(provider.getDefaultURI(), provider.getDefaultClassLoader(), settings)
            .createCache(
                "c",
                new MutableConfiguration<String, String>()
                    .setTypes(String.class, String.class)
                    .addCacheEntryListenerConfiguration(
                        new MutableCacheEntryListenerConfiguration<>(
                            new FactoryBuilder.SingletonFactory<>(listener), null, true, true)))
            .unwrap(WarrenCache.class);
    cache.awaitReady(PATIENCE);
    return cache;
  }

  @Test
  void event_changeOfAnotherNode_namesItsOriginAndPosition() {
    Listener ofOne = new Listener();
    Listener ofTwo = new Listener();
    try (WarrenCachingProvider first = new WarrenCachingProvider();
        WarrenCachingProvider second = new WarrenCachingProvider()) {
      WarrenCache<String, String> one = cache(first, ofOne);
      WarrenCache<String, String> two = cache(second, ofTwo);
      one.put("k", "v");
      one.barrier(PATIENCE);
      one.remove("k");
      await().atMost(PATIENCE).until(() -> ofTwo.heard.size() == 2);
      List<WarrenEvent> heard = ofTwo.heard;
      String author =
          one.members().stream()
              .filter(ClusterMember::self)
              .map(ClusterMember::origin)
              .findFirst()
              .orElseThrow();
      assertThat(heard).extracting(WarrenEvent::origin).containsExactly(author, author);
      assertThat(heard.get(0).position()).isPositive();
      assertThat(heard.get(1).position()).isGreaterThan(heard.get(0).position());
      await().atMost(PATIENCE).until(() -> two.position() >= heard.get(1).position());
      assertThat(ofOne.heard).extracting(WarrenEvent::origin).containsExactly("", "");
      assertThat(ofOne.heard).extracting(WarrenEvent::position).containsExactly(-1L, -1L);
    }
  }

  /** Keeps what it hears. */
  static final class Listener
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          Serializable {
    private static final long serialVersionUID = 1L;
    final transient List<WarrenEvent> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> heard.add(event.unwrap(WarrenEvent.class)));
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      onCreated(events);
    }
  }
}
