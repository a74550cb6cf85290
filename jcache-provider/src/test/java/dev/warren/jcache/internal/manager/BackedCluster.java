// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.sync.Batch;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.Event;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.memory.MemoryBroker;
import dev.warren.sync.memory.MemoryTransportProvider;
import dev.warren.sync.wire.BatchCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of one cluster in this JVM whose caches load from, and write through to, one map that
 * stands for a database.
 */
final class BackedCluster implements AutoCloseable {

  static final Duration PATIENCE = MemoryCluster.PATIENCE;

  /** Runs in a loader or writer, with the key. */
  interface Hook {
    Hook NONE = key -> {};

    void at(String key) throws InterruptedException;
  }

  /** Where one hook at a time may hang. */
  static final class Place {
    private volatile Hook hook = Hook.NONE;

    void set(Hook to) {
      hook = to;
    }

    private void run(String key) {
      try {
        hook.at(key);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  final Map<String, String> database = new ConcurrentHashMap<>();
  final MemoryBroker broker;
  private final MemoryCluster cluster;

  BackedCluster(String mode) {
    cluster = new MemoryCluster("warren.epoch-grace", "100ms", "warren.defaults.mode", mode);
    broker = cluster.broker;
  }

  /** A node of its own; further settings as pairs of key and value. */
  WarrenCacheManager manager(String... more) {
    return cluster.node(more);
  }

  Node node(String... more) {
    return new Node(manager(more), "c", configuration());
  }

  static MutableConfiguration<String, String> configuration() {
    return MemoryCluster.texts().setReadThrough(true).setWriteThrough(true);
  }

  /** Until each of {@code nodes} has applied what each has written so far. */
  static void settle(Node... nodes) {
    for (int i = 0; i < 2; i++) {
      for (Node node : nodes) {
        node.warren().barrier(PATIENCE);
      }
    }
  }

  /** Stops the broker; {@code nodes} know it on return. */
  void cutOff(Node... nodes) {
    broker.setUp(false);
    for (Node node : nodes) {
      await().atMost(PATIENCE).until(() -> node.manager.reason().contains("stopped"));
    }
  }

  /** The events of caches that stand in the log now, by type. */
  Map<String, Integer> logged() {
    CountDownLatch read = new CountDownLatch(broker.size());
    Map<String, Integer> counts = new HashMap<>();
    ClusterTransport transport =
        new MemoryTransportProvider().create("memory:", cluster.name, Map.of());
    CountDownLatch connected = new CountDownLatch(1);
    transport.start(
        new ConnectionListener() {
          @Override
          public void connected() {
            connected.countDown();
          }

          @Override
          public void disconnected(TransportException cause) {}
        });
    pass(connected);
    transport
        .log()
        .subscribe(
            SharedLog.FIRST,
            logRecord -> {
              synchronized (counts) {
                count(BatchCodec.decode(logRecord.bytes()), counts);
              }
              read.countDown();
            });
    pass(read);
    transport.close();
    synchronized (counts) {
      return Map.copyOf(counts);
    }
  }

  private static void count(Batch batch, Map<String, Integer> counts) {
    for (Event event : batch.events()) {
      if (event instanceof Event.CacheEvent) {
        counts.merge(event.getClass().getSimpleName(), 1, Integer::sum);
      }
    }
  }

  /** Waits for {@code latch}, and fails if it does not come. */
  static void pass(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("waited in vain");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }

  /** One node's cache, with hooks before and after its database is read or written. */
  final class Node {
    final WarrenCacheManager manager;
    final Cache<String, String> cache;
    final Queue<String> loads = new ConcurrentLinkedQueue<>();
    final Place loaded = new Place();
    final Place writing = new Place();
    final Place written = new Place();

    Node(
        WarrenCacheManager manager,
        String name,
        MutableConfiguration<String, String> configuration) {
      this.manager = manager;
      configuration.setCacheLoaderFactory(Loader::new).setCacheWriterFactory(Writer::new);
      this.cache = manager.createCache(name, configuration);
    }

    Node ready() {
      warren().awaitReady(PATIENCE);
      return this;
    }

    WarrenCache<String, String> warren() {
      return MemoryCluster.warren(cache);
    }

    /** What it holds, without loading anything. */
    Map<String, String> held() {
      Map<String, String> held = new HashMap<>();
      cache.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
      return held;
    }

    private final class Loader implements CacheLoader<String, String> {
      @Override
      public @Nullable String load(String key) {
        loads.add(key);
        String value = database.get(key);
        loaded.run(key);
        return value;
      }

      @Override
      public Map<String, String> loadAll(Iterable<? extends String> keys) {
        Map<String, String> found = new HashMap<>();
        for (String key : keys) {
          String value = load(key);
          if (value != null) {
            found.put(key, value);
          }
        }
        return found;
      }
    }

    private final class Writer implements CacheWriter<String, String> {
      @Override
      public void write(Cache.Entry<? extends String, ? extends String> entry) {
        writing.run(entry.getKey());
        database.put(entry.getKey(), entry.getValue());
        written.run(entry.getKey());
      }

      @Override
      public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
        entries.forEach(this::write);
      }

      @Override
      public void delete(Object key) {
        writing.run((String) key);
        database.remove((String) key);
        written.run((String) key);
      }

      @Override
      public void deleteAll(Collection<?> keys) {
        keys.forEach(this::delete);
      }
    }
  }
}
