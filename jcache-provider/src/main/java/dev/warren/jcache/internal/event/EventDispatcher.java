// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.operation.DaemonPool;
import dev.warren.jcache.internal.operation.EntryChange;
import dev.warren.jcache.internal.operation.EventPort;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one cache. Synchronous ones run on the thread whose operation made the change
 * (or on one that overtook it in the key's queue), after its locks are released; asynchronous ones
 * on one daemon thread, in the order in which changes left their keys' queues. Changes that come
 * without an operation run all of them on a daemon thread of their own.
 */
public final class EventDispatcher<K, V> implements EventPort<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

  private static final int MUCH = 10_000;

  private final List<Registration<K, V>> registrations = new CopyOnWriteArrayList<>();
  private final KeyQueues<K, V> queues = new KeyQueues<>(this::hand);
  private final Copier copier;
  private final DaemonPool asynchronous;
  private final DaemonPool remote;
  private volatile @Nullable Cache<K, V> source;
  private final Deliveries deliveries = new Deliveries();

  /**
   * @param name of the cache, for the threads
   */
  public EventDispatcher(String name, Copier copier) {
    this.copier = copier;
    this.asynchronous = new DaemonPool("warren-listener-" + name, 1);
    this.remote = new DaemonPool("warren-remote-listener-" + name, 1);
  }

  /**
   * Sets the cache that events name as their source; once, before its first operation. What other
   * nodes change until then, while the cache is being made, is no event: it is what it begins with.
   */
  public void source(Cache<K, V> cache) {
    source = cache;
  }

  /**
   * Makes listener and filter and calls them from the next change on; false if the cache has been
   * closed meanwhile.
   *
   * @param closer closes what was made in vain
   */
  public boolean register(
      CacheEntryListenerConfiguration<K, V> configuration, Consumer<Closeable> closer) {
    Registration<K, V> registration = new Registration<>(configuration);
    registrations.add(registration);
    if (deliveries.isEnded()) {
      discard(registration, closer);
      return false;
    }
    return true;
  }

  /** Whoever takes the registration out closes it. */
  private void discard(Registration<K, V> registration, Consumer<Closeable> closer) {
    if (registrations.remove(registration)) {
      closer.accept(registration);
    }
  }

  /** True on a thread that runs a listener: what waits for it there may wait for ever. */
  public static boolean isDelivering() {
    return KeyQueues.isDelivering();
  }

  /** Calls the listener no more; does not close it, for it may be registered again. */
  public void deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    registrations.removeIf(registration -> registration.configuration().equals(configuration));
  }

  @Override
  public @Nullable Runnable queue(EntryChange<K, V> change) {
    return isWanted(change) ? queues.add(change) : null;
  }

  @Override
  public boolean isBehind() {
    return remote.waiting() + asynchronous.waiting() > MUCH;
  }

  @Override
  public void publish(EntryChange<K, V> change) {
    Runnable delivery = source == null ? null : queue(change);
    if (delivery == null) {
      return;
    }
    submit(
        remote,
        () -> {
          try {
            delivery.run();
          } catch (CacheEntryListenerException e) {
            warn(e);
          }
        });
  }

  @Override
  public boolean isHeard() {
    return !registrations.isEmpty();
  }

  /**
   * Calls no listener any more, waits for the running ones, and closes all.
   *
   * @param closer closes what is {@code Closeable} and deals with its failure
   */
  public void close(long timeoutMillis, Consumer<Closeable> closer) {
    deliveries.end(timeoutMillis);
    remote.close(timeoutMillis);
    asynchronous.close(timeoutMillis);
    registrations.forEach(registration -> discard(registration, closer));
  }

  private boolean isWanted(EntryChange<K, V> change) {
    for (Registration<K, V> registration : registrations) {
      if (registration.wants(change.type())) {
        return true;
      }
    }
    return false;
  }

  private void hand(EntryChange<K, V> change) {
    List<CacheEntryListenerException> failures = new ArrayList<>(0);
    for (Registration<K, V> registration : registrations) {
      if (!registration.wants(change.type())) {
        continue;
      }
      Cache<K, V> cache = Objects.requireNonNull(source, "source");
      ListenerEvent<K, V> event = new ListenerEvent<>(cache, change, copier);
      if (registration.isSynchronous()) {
        try {
          deliver(registration, event);
        } catch (CacheEntryListenerException e) {
          failures.add(e);
        }
      } else {
        submit(asynchronous, () -> deliverLater(registration, event));
      }
    }
    if (!failures.isEmpty()) {
      CacheEntryListenerException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Calls one listener, unless the cache is closed. */
  private void deliver(Registration<K, V> registration, ListenerEvent<K, V> event) {
    if (deliveries.begin()) {
      try {
        registration.deliver(event);
      } finally {
        deliveries.done();
      }
    }
  }

  private void deliverLater(Registration<K, V> registration, ListenerEvent<K, V> event) {
    try {
      deliver(registration, event);
    } catch (CacheEntryListenerException e) {
      warn(e);
    }
  }

  private static void submit(DaemonPool pool, Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("an event came after its cache was closed");
    }
  }

  private static void warn(CacheEntryListenerException e) {
    LOG.warn("WRN-0111 A cache entry listener failed; the entry's change stands", e);
  }
}
