// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.member.Announcement;
import dev.warren.sync.member.Applier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.OpenCache;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared caches that this node has open: hands each what the log says of it. A store is put in
 * on the applier thread, together with what the node holds of its cache, so that it misses nothing
 * and gets nothing twice. {@code applied}, {@code installed} and {@code shownExpiryMillis} are for
 * the applier thread, the rest for any other.
 */
final class OpenCaches {

  private static final Logger LOG = LoggerFactory.getLogger(OpenCaches.class);

  private static final int MAX_NAME_BYTES = 1_024;

  private final String cluster;
  private final WarrenMember member;
  private final Applier applier;
  private final Map<String, ClusterStore<?, ?>> stores = new ConcurrentHashMap<>();
  private final Map<String, Opening> openings = new ConcurrentHashMap<>();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final Duration patience;
  private volatile boolean closed;

  /**
   * @param patience how long opening waits for the others, while the node can reach them
   */
  OpenCaches(String cluster, WarrenMember member, Applier applier, Duration patience) {
    this.patience = patience;
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
   * From now on {@code store} follows the log; what is held of the cache is there on return. A node
   * that can ask the others does not return before it knows that no other mode stands.
   *
   * @throws CacheException if other members have the cache open in another mode, the node is
   *     closed, or its applier does not come to it in time: nothing is left of it
   */
  void open(SharedCache<?, ?> cache, String mode, ClusterStore<?, ?> store, Duration patience) {
    Opening opening = new Opening(cache, mode, store);
    applier.execute(opening::begin);
    try {
      awaitOpened(cache.name(), opening.registered, patience);
      if (member.isReady() && member.isFollowing()) {
        opening.awaitDecision();
      }
      opening.handOut();
    } catch (CacheException e) {
      opening.registered.cancel(false);
      applier.execute(opening::end); // it may have begun at this moment
      throw e;
    }
    openings.put(cache.name(), opening);
  }

  /**
   * One cache on its way through the log (rule F3). While {@code createCache} waits, a refusal is
   * its failure. Afterwards the cache stops: its operations fail first, then it is emptied, and
   * what it wrote is given up.
   */
  private final class Opening implements Announcement.Listener {
    private final SharedCache<?, ?> cache;
    private final String mode;
    private final ClusterStore<?, ?> store;
    private final CompletableFuture<Boolean> registered = new CompletableFuture<>();
    private final CompletableFuture<Boolean> decided = new CompletableFuture<>();

    /** Who is first tells: {@code createCache} that returns, or the refusal. */
    private final AtomicBoolean settled = new AtomicBoolean();

    private volatile String refusal = "";
    private @Nullable Announcement announced;

    Opening(SharedCache<?, ?> cache, String mode, ClusterStore<?, ?> store) {
      this.cache = cache;
      this.mode = mode;
      this.store = store;
    }

    // ---- the applier's side

    void begin() {
      try {
        if (registered.isDone()) {
          return; // given up
        }
        Replica replica = member.replica();
        OpenCache standing = replica == null ? null : replica.open(cache.name());
        boolean isKnown = member.isReady() && member.isFollowing();
        if (standing != null && isOther(standing) && isKnown) {
          refused(standing);
        } else {
          stores.put(cache.name(), store);
          if (replica != null) {
            store.install(replica.cacheState(cache.name()), replica.position());
          }
          announced = member.open(cache.name(), mode, this);
        }
        registered.complete(true);
      } catch (RuntimeException | Error e) {
        registered.completeExceptionally(e);
      }
    }

    /** What only this node had open, and has closed, does not count. */
    private boolean isOther(OpenCache standing) {
      return !standing.mode().equals(mode) && !standing.members().equals(Set.of(member.origin()));
    }

    @Override
    public void opened() {
      decided.complete(true);
    }

    @Override
    public void refused(OpenCache standing) {
      String words = words(standing);
      refusal = words;
      boolean isWaitedFor = settled.compareAndSet(false, true);
      decided.complete(false);
      if (isWaitedFor) {
        return;
      }
      cache.lifecycle().refuse(words);
      refusals.put(cache.name(), words);
      stores.remove(cache.name(), store);
      store.refused();
      LOG.error("{}; what it wrote here is dropped", words);
    }

    private String words(OpenCache standing) {
      Replica replica = member.replica();
      String others =
          standing.members().stream()
              .filter(origin -> !origin.equals(member.origin()))
              .map(origin -> replica == null ? null : replica.view().get(origin))
              .map(of -> of == null ? "a member" : of.name())
              .sorted()
              .collect(Collectors.joining(", "));
      return "WRN-0218 cache \"%s\" must have one mode on all members, but is %s here and %s on %s: set the same mode everywhere, or close it there, then close it here and create it again"
          .formatted(cache.name(), mode, standing.mode(), others);
    }

    void end() {
      stores.remove(cache.name(), store);
      refusals.remove(cache.name(), refusal);
      if (announced != null) {
        member.close(announced);
        announced = null;
      }
    }

    // ---- the caller's side

    /** Goes on without the decision if it does not come in time. */
    void awaitDecision() {
      try {
        decided.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("cache {}: not known yet whether its mode stands", cache.name());
      }
    }

    void handOut() {
      if (!settled.compareAndSet(false, true)) {
        throw new CacheException(refusal);
      }
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
    Opening opening = openings.remove(cache);
    if (opening != null) {
      stores.remove(cache, opening.store);
      applier.execute(opening::end);
    }
  }

  /** Why {@code cache} was refused after it had been opened; empty if it was not. */
  String refusal(String cache) {
    return refusals.getOrDefault(cache, "");
  }

  /** Why caches that are open were refused; empty if none was. */
  String refusals() {
    return String.join("; ", refusals.values());
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
