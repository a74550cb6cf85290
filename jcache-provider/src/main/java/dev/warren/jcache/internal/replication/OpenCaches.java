// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.member.Applier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.cache.CacheException;

/**
 * The shared caches that this node has open: hands each what the log says of it. A store is put in
 * on the applier thread, together with what the node holds of its cache, so that it misses nothing
 * and gets nothing twice. {@code applied}, {@code installed} and {@code shownExpiryMillis} are for
 * the applier thread, the rest for any other.
 */
final class OpenCaches {

  private static final int MAX_NAME_BYTES = 1_024;

  private final String cluster;
  private final WarrenMember member;
  private final Applier applier;
  private final Map<String, ClusterStore<?, ?>> stores = new ConcurrentHashMap<>();
  private volatile boolean closed;

  OpenCaches(String cluster, WarrenMember member, Applier applier) {
    this.cluster = cluster;
    this.member = member;
    this.applier = applier;
  }

  /** A batch may name as many caches as it has events, and must fit a record all the same. */
  static void refuseLongName(String cache) {
    int nameBytes = cache.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes > MAX_NAME_BYTES) {
      throw new CacheException(
          "the name of a shared cache must have at most %,d bytes in UTF-8, but \"%s…\" had %,d: choose a shorter name, or set mode = local for it"
              .formatted(MAX_NAME_BYTES, cache.substring(0, 40), nameBytes));
    }
  }

  /**
   * From now on {@code store} follows the log; what is held of the cache is there on return.
   *
   * @throws CacheException if the node is closed, or its applier does not come to it in time
   */
  void register(String cache, ClusterStore<?, ?> store, Duration patience) {
    CompletableFuture<Boolean> registered = new CompletableFuture<>();
    applier.execute(
        () -> {
          try {
            if (registered.isDone()) {
              return; // given up
            }
            stores.put(cache, store);
            Replica replica = member.replica();
            if (replica != null) {
              store.install(replica.cacheState(cache), replica.position());
            }
            registered.complete(true);
          } catch (RuntimeException | Error e) {
            registered.completeExceptionally(e);
          }
        });
    try {
      awaitOpened(cache, registered, patience);
    } catch (CacheException e) {
      registered.cancel(false);
      applier.execute(() -> stores.remove(cache, store)); // it may have been put at this moment
      throw e;
    }
  }

  /**
   * An applier that was shut down drops what it is given. It is shut down after {@code closed} was
   * set: if that is not so here, behind the hand-over, the task will run.
   */
  private void awaitOpened(String cache, CompletableFuture<Boolean> registered, Duration patience) {
    if (closed) {
      throw new CacheException(
          "cache \"%s\" needs an open node, but the one of cluster %s is closed: ask for a manager anew"
              .formatted(cache, cluster));
    }
    boolean interrupted = false;
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          registered.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true; // it takes moments: the caller sees it afterwards
        } catch (ExecutionException e) {
          throw new CacheException(
              "cache \"%s\" cannot be opened: %s".formatted(cache, e.getCause()), e);
        } catch (TimeoutException e) {
          throw new CacheException(
              "cache \"%s\" must be opened by the node's applier within %,d ms, but that was busy: see in a thread dump what holds warren-applier-%s"
                  .formatted(cache, patience.toMillis(), cluster),
              e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Forgets the memory of a cache; the cluster's data stay. */
  void release(String cache) {
    stores.remove(cache);
  }

  /** Nothing is opened any more; before the applier is shut down. */
  void close() {
    closed = true;
  }

  /** As they are at each time. */
  Collection<ClusterStore<?, ?>> stores() {
    return stores.values();
  }

  /** Values and keys of {@code cache} that could not be decoded. */
  long undecodable(String cache) {
    ClusterStore<?, ?> store = stores.get(cache);
    return store == null ? 0 : store.undecodable();
  }

  long shownExpiryMillis(String cache, Bytes key, LogEntry entry) {
    ClusterStore<?, ?> store = stores.get(cache);
    return store == null ? entry.expiryMillis() : store.shownExpiryMillis(key, entry);
  }

  void applied(Applied applied) {
    ClusterStore<?, ?> store = stores.get(((Event.CacheEvent) applied.event()).cache());
    if (store != null) {
      store.applied(applied, applied.origin().equals(member.origin()));
    }
  }

  void installed(Replica replica) {
    stores.forEach((cache, store) -> store.install(replica.cacheState(cache), replica.position()));
  }
}
