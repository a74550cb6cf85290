// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** One listener with its filter, made from its configuration. */
final class Registration<K, V> implements Closeable {
  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final boolean synchronous;

  Registration(CacheEntryListenerConfiguration<K, V> configuration) {
    this.configuration = configuration;
    this.listener = made("listener", configuration.getCacheEntryListenerFactory());
    this.synchronous = configuration.isSynchronous();
    try {
      Factory<CacheEntryEventFilter<? super K, ? super V>> filters =
          configuration.getCacheEntryEventFilterFactory();
      this.filter = filters == null ? null : made("filter", filters);
    } catch (Throwable e) {
      closeAfter(e);
      throw e;
    }
  }

  private static <T> T made(String what, @Nullable Factory<T> factory) {
    T object = factory == null ? null : factory.create();
    if (object == null) {
      throw new IllegalArgumentException(
          "a listener configuration must have a factory that makes a "
              + what
              + ", but "
              + (factory == null ? "has none" : "its factory made null"));
    }
    return object;
  }

  private void closeAfter(Throwable failure) {
    if (listener instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  CacheEntryListenerConfiguration<K, V> configuration() {
    return configuration;
  }

  boolean isSynchronous() {
    return synchronous;
  }

  boolean wants(EventType type) {
    return switch (type) {
      case CREATED -> listener instanceof CacheEntryCreatedListener;
      case UPDATED -> listener instanceof CacheEntryUpdatedListener;
      case REMOVED -> listener instanceof CacheEntryRemovedListener;
      case EXPIRED -> listener instanceof CacheEntryExpiredListener;
    };
  }

  /**
   * Asks the filter and calls the listener.
   *
   * @throws CacheEntryListenerException whatever either of them threw
   */
  void deliver(CacheEntryEvent<K, V> event) {
    try {
      if (filter == null || filter.evaluate(event)) {
        call(event);
      }
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (Throwable e) {
      throw new CacheEntryListenerException("a cache entry listener or its filter failed", e);
    }
  }

  // A listener of super types may be handed the cache's own events: they are only read.
  @SuppressWarnings("unchecked")
  private void call(CacheEntryEvent<K, V> event) {
    Iterable<CacheEntryEvent<? extends K, ? extends V>> events = List.of(event);
    switch (event.getEventType()) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }

  @Override
  public void close() throws IOException {
    if (listener instanceof Closeable closeable) {
      closeable.close();
    }
    if (filter instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
