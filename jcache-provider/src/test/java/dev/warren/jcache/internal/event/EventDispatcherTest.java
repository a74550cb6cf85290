// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenEvent;
import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.operation.EntryChange;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {
  private final WarrenCachingProvider provider = new WarrenCachingProvider();
  private final EventDispatcher<String, Integer> events =
      new EventDispatcher<>("test", Copier.BY_REFERENCE);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Cache<String, Integer> source =
      provider.getCacheManager().createCache("source", new MutableConfiguration<>());

  @BeforeEach
  void setSource() {
    events.source(source);
  }

  @AfterEach
  void stop() {
    events.close(1_000, EventDispatcherTest::closeUnchecked);
    provider.close();
  }

  @Test
  void publish_withoutOperation_runsSynchronousListenersOnADaemon() {
    listen(true);
    for (int i = 0; i < 100; i++) {
      events.publish(change(i));
    }
    await("all are heard").until(() -> heard.size() == 100);
    for (int i = 0; i < 100; i++) {
      assertThat(heard.get(i)).isEqualTo(i + " remote on warren-remote-listener-test daemon");
    }
  }

  @Test
  void publish_asynchronousListener_hearsInOrder() {
    listen(false);
    for (int i = 0; i < 100; i++) {
      events.publish(change(i));
    }
    await("all are heard").until(() -> heard.size() == 100);
    for (int i = 0; i < 100; i++) {
      assertThat(heard.get(i)).isEqualTo(i + " remote on warren-listener-test daemon");
    }
  }

  @Test
  void queue_nobodyListens_isNothingToDeliver() {
    assertThat(events.queue(change(1))).isNull();
  }

  @Test
  void close_always_endsAllCalls() {
    listen(true);
    Runnable delivery = events.queue(change(1));
    events.close(1_000, EventDispatcherTest::closeUnchecked);
    assertThat(delivery).isNotNull();
    delivery.run();
    events.publish(change(2));
    assertThat(heard).isEmpty();
  }

  /** Another node's change is applied while the cache is being made. */
  @Test
  void publish_beforeThereIsASource_isNoEvent() {
    EventDispatcher<String, Integer> early = new EventDispatcher<>("test", Copier.BY_REFERENCE);
    listen(early, true);
    early.publish(change(0));
    early.source(source);
    early.publish(change(1));
    await("the later one is heard, and no thread has failed").until(() -> !heard.isEmpty());
    early.close(1_000, EventDispatcherTest::closeUnchecked);

    assertThat(heard).containsExactly("1 remote on warren-remote-listener-test daemon");
  }

  private void listen(boolean synchronous) {
    listen(events, synchronous);
  }

  private void listen(EventDispatcher<String, Integer> to, boolean synchronous) {
    CacheEntryCreatedListener<String, Integer> created =
        changes ->
            changes.forEach(
                event -> {
                  Thread thread = Thread.currentThread();
                  heard.add(
                      event.getValue()
                          + (event.unwrap(WarrenEvent.class).isRemote() ? " remote on " : " on ")
                          + thread.getName()
                          + (thread.isDaemon() ? " daemon" : ""));
                });
    to.register(
        new MutableCacheEntryListenerConfiguration<>(() -> created, null, false, synchronous),
        closeable -> {});
  }

  private static EntryChange<String, Integer> change(int value) {
    return new EntryChange<>(EventType.CREATED, "k", value, null, true);
  }

  private static void closeUnchecked(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
