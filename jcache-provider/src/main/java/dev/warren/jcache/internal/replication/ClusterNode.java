// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.jcache.config.WriteAck;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.Store;
import dev.warren.sync.Bytes;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.Event;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreProvider;
import dev.warren.sync.TransportProvider;
import dev.warren.sync.codec.ValueCodec;
import dev.warren.sync.keeper.Keeper;
import dev.warren.sync.member.MemberListener;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.sync.member.ThreadApplier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.projector.LogProjector;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager's place in its cluster: one member, and the stores of its shared caches. Opening never
 * waits for broker or database: a node serves what it has and says what it lacks.
 */
public final class ClusterNode implements MemberListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

  /** A batch may name as many caches as it has events, and must fit a record all the same. */
  private static final int MAX_NAME_BYTES = 1_024;

  private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);

  private final ClusterSettings settings;
  private final InstantSource clock;
  private final ClusterTransport transport;
  private final @Nullable SnapshotStore database;
  private final ThreadApplier applier;
  private final ExecutorService background;
  private final WarrenMember member;
  private final Observer observer;
  private final Keeper keeper;
  private final EvictionTurns evictions;
  private final @Nullable LogProjector projector;
  private final Map<String, ClusterStore<?, ?>> stores = new ConcurrentHashMap<>();

  /** Completes when the node becomes ready the next time; written by the applier. */
  private volatile CompletableFuture<Boolean> nextReady = new CompletableFuture<>();

  private volatile @Nullable RecoveryReport report;
  private volatile boolean closed;

  /**
   * Starts connecting and returns at once.
   *
   * @throws CacheException if no transport or database provider knows the scheme, or a URI is
   *     malformed
   */
  public ClusterNode(ClusterSettings settings, ClassLoader loader, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.transport = transport(settings, loader);
    try {
      this.database = database(settings, loader);
    } catch (CacheException e) {
      transport.close();
      throw e;
    }
    String cluster = settings.cluster();
    this.applier = new ThreadApplier("warren-applier-" + cluster);
    AtomicInteger number = new AtomicInteger();
    this.background =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "warren-background-" + cluster + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.member =
        new WarrenMember(
            settings.member(), settings.outbox(), transport, database, applier, background, this);
    this.observer = new Observer(member, applier);
    this.keeper = new Keeper(member, applier, clock, settings.outbox(), this::shownExpiryMillis);
    this.evictions = new EvictionTurns(member, applier, stores.values());
    SnapshotStore target = database;
    this.projector =
        target == null
            ? null
            : new LogProjector(
                target,
                member,
                applier,
                background,
                settings.member().projectionInterval(),
                settings.persisted());
    if (projector != null) {
      projector.start();
    }
    keeper.start();
    evictions.start();
    member.start();
  }

  private static ClusterTransport transport(ClusterSettings settings, ClassLoader loader) {
    String scheme = scheme(settings.log());
    for (TransportProvider provider : ServiceLoader.load(TransportProvider.class, loader)) {
      if (provider.handles(scheme)) {
        return create(
            "warren.log",
            () -> provider.create(settings.log(), settings.cluster(), settings.transport()));
      }
    }
    throw new CacheException(
        "WRN-0130 warren.log must have a scheme that a transport on the class path knows, but had \"%s\": add warren-sync-transport for amqp, warren-embedded for embedded"
            .formatted(scheme));
  }

  private static @Nullable SnapshotStore database(ClusterSettings settings, ClassLoader loader) {
    String uri = settings.persistence();
    if (uri == null) {
      return null;
    }
    String scheme = scheme(uri);
    for (SnapshotStoreProvider provider : ServiceLoader.load(SnapshotStoreProvider.class, loader)) {
      if (provider.handles(scheme)) {
        return create(
            "warren.persistence", () -> provider.create(uri, settings.cluster(), Map.of()));
      }
    }
    throw new CacheException(
        "WRN-0130 warren.persistence must have a scheme that a store on the class path knows, but had \"%s\": add warren-persistence for mongodb, warren-embedded for embedded"
            .formatted(scheme));
  }

  /** What a provider refuses is the user's to correct. */
  private static <T> T create(String key, Supplier<T> provider) {
    try {
      return provider.get();
    } catch (IllegalArgumentException e) {
      throw new CacheException("WRN-0130 " + key + ": " + e.getMessage(), e);
    }
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? uri : uri.substring(0, colon);
  }

  /**
   * Opens the memory of one cache; what this node already holds of it is there on return.
   *
   * @param maxEntries how many entries the cluster shall hold; 0 for any number
   * @param onEviction runs for each entry that this node has evicted; must not block
   * @throws CacheException if the name has more than 1,024 bytes in UTF-8, the node is closed, or
   *     its applier does not come to it within 30 s
   */
  public <K, V> Store<K, V> open(
      String cache,
      ValueCodec codec,
      EventPort<K, V> events,
      long maxEntries,
      Runnable onEviction) {
    ReplicatedStore.Limit limit =
        maxEntries == 0 ? null : new ReplicatedStore.Limit(maxEntries, onEviction);
    return open(cache, codec, events, limit, OPEN_PATIENCE);
  }

  /**
   * Opens an invalidation cache above this node's own memory of it, which must be empty.
   *
   * @throws CacheException as {@link #open}
   */
  public <K, V> Store<K, V> openInvalidated(
      String cache, ValueCodec codec, EventPort<K, V> events, HeapStore<K, V> heap) {
    refuseLongName(cache);
    InvalidationStore<K, V> store = new InvalidationStore<>(way(cache, codec), events, clock, heap);
    register(cache, store, OPEN_PATIENCE);
    return store;
  }

  <K, V> Store<K, V> open(
      String cache,
      ValueCodec codec,
      EventPort<K, V> events,
      ReplicatedStore.@Nullable Limit limit,
      Duration patience) {
    refuseLongName(cache);
    ReplicatedStore<K, V> store = new ReplicatedStore<>(way(cache, codec), events, clock, limit);
    register(cache, store, patience);
    return store;
  }

  private <K, V> LogWay<K, V> way(String cache, ValueCodec codec) {
    return new LogWay<>(
        cache,
        new EntryBytes<>(cache, codec, settings.maxValueBytes()),
        member.outbox(),
        new Rooms(cache, member.outbox(), this::patience),
        applier::execute);
  }

  private static void refuseLongName(String cache) {
    int nameBytes = cache.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes > MAX_NAME_BYTES) {
      throw new CacheException(
          "the name of a shared cache must have at most %,d bytes in UTF-8, but \"%s…\" had %,d: choose a shorter name, or set mode = local for it"
              .formatted(MAX_NAME_BYTES, cache.substring(0, 40), nameBytes));
    }
  }

  private void register(String cache, ClusterStore<?, ?> store, Duration patience) {
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
              .formatted(cache, settings.cluster()));
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
                  .formatted(cache, patience.toMillis(), settings.cluster()),
              e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A broker that is away would keep writers waiting for nothing. */
  private Duration patience() {
    return member.trouble().isEmpty() ? settings.writeTimeout() : Duration.ZERO;
  }

  /** Forgets the memory of a cache; the cluster's data stay. */
  public void release(String cache) {
    stores.remove(cache);
  }

  /** What {@code cache}, whose writes return at once, knows of its cluster. */
  public ClusterView view(String cache) {
    return view(cache, WriteAck.LOCAL);
  }

  /** What {@code cache} knows of its cluster; asked for before it is opened. */
  public ClusterView view(String cache, WriteAck writeAck) {
    WriteAcks acks =
        writeAck == WriteAck.LOCAL
            ? null
            : new WriteAcks(member, cache, writeAck, settings.writeTimeout(), this::reason);
    return new ClusterView() {
      @Override
      public boolean acknowledges() {
        return acks != null;
      }

      @Override
      public void acknowledge() {
        if (acks != null) {
          acks.await();
        }
      }

      @Override
      public boolean isReady() {
        return member.isReady();
      }

      @Override
      public void awaitReady(Duration timeout) {
        await(readiness(), timeout, "the node must become ready");
      }

      @Override
      public void barrier(Duration timeout) {
        await(member.barrier(), timeout, "own writes must be applied");
      }

      @Override
      public long position() {
        return member.standing().position();
      }

      @Override
      public List<ClusterMember> members() {
        return observer.members();
      }

      @Override
      public Digest digest(Duration timeout) {
        return observer.digest(
            await(observer.cut(cache), timeout, "the state of the cache must be copied"));
      }

      @Override
      public Recovery recovery() {
        return recoveryOf(cache);
      }

      @Override
      public long undecodable() {
        ClusterStore<?, ?> store = stores.get(cache);
        return store == null ? 0 : store.undecodable();
      }
    };
  }

  /** Completes as soon as the node is ready, again if it was before. */
  private CompletableFuture<Boolean> readiness() {
    CompletableFuture<Boolean> next = nextReady; // first, so that no change is missed
    return member.isReady() ? CompletableFuture.completedFuture(true) : next;
  }

  /**
   * Waits until the database holds everything that this node has applied now: {@code timeout} in
   * all, for own writes to be applied and for the database.
   *
   * @throws CacheException after {@code timeout}, or if there is no database
   */
  public void awaitPersisted(Duration timeout) {
    SnapshotStore target = database;
    if (target == null) {
      throw new CacheException(
          "warren.persistence must be set to wait for persistence, but is not");
    }
    long startNanos = System.nanoTime();
    await(member.barrier(), timeout, "own writes must be applied");
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    applier.execute(
        () -> {
          Replica replica = member.replica();
          if (replica != null) {
            new CheckpointWait(
                    target, replica.epoch(), replica.position(), applier, background, done)
                .look();
          }
        });
    try {
      Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
      await(done, left, timeout, "the database must hold what this node has applied");
    } finally {
      done.cancel(false);
    }
  }

  private <T> T await(CompletableFuture<T> future, Duration timeout, String rule) {
    return await(future, timeout, timeout, rule);
  }

  /**
   * Waits for {@code left}, which is what is left of {@code timeout}.
   *
   * @param rule what must be, for the message
   */
  private <T> T await(CompletableFuture<T> future, Duration left, Duration timeout, String rule) {
    try {
      return future.get(left.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(rule + ", but the wait was interrupted", e);
    } catch (ExecutionException e) {
      throw new CacheException(rule + ", but that failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      String reason = reason();
      throw new CacheException(
          "%s within %,d ms, but did not%s"
              .formatted(rule, timeout.toMillis(), reason.isEmpty() ? "" : ": " + reason),
          e);
    }
  }

  private Recovery recoveryOf(String cache) {
    RecoveryReport last = report;
    if (last == null) {
      return new Recovery(Recovery.Source.NONE, 0, 0, Duration.ZERO);
    }
    Recovery.Source source =
        switch (last.source()) {
          case MEMBER -> Recovery.Source.SIBLING;
          case DATABASE -> Recovery.Source.DATABASE;
          case LOG -> Recovery.Source.LOG;
        };
    return new Recovery(
        source,
        last.fromSource().getOrDefault(cache, 0L),
        last.fromLog().getOrDefault(cache, 0L),
        last.took());
  }

  /** The state of this node. */
  public WarrenHealth.State state() {
    if (closed) {
      return WarrenHealth.State.CLOSED;
    }
    if (!trouble().isEmpty()) {
      return WarrenHealth.State.DEGRADED;
    }
    return member.isReady() ? WarrenHealth.State.READY : WarrenHealth.State.STARTING;
  }

  /** What this node has counted and measured. */
  public WarrenMetrics.MemberMetrics metrics() {
    return observer.metrics();
  }

  /** Records of the log that were left out. */
  public long refusedRecords() {
    return member.refused();
  }

  /** Why the node is not ready or degraded; empty if it is neither. */
  public String reason() {
    String trouble = trouble();
    if (!trouble.isEmpty()) {
      return trouble;
    }
    return member.isReady() ? "" : member.recovery();
  }

  private String trouble() {
    String trouble = member.trouble();
    return trouble.isEmpty() && projector != null ? projector.trouble() : trouble;
  }

  // ---- from the member, on the applier thread

  private long shownExpiryMillis(String cache, Bytes key, LogEntry entry) {
    ClusterStore<?, ?> store = stores.get(cache);
    return store == null ? entry.expiryMillis() : store.shownExpiryMillis(key, entry);
  }

  @Override
  public void applied(Applied applied) {
    keeper.applied(applied);
    if (projector != null) {
      projector.applied(applied);
    }
    ClusterStore<?, ?> store = stores.get(((Event.CacheEvent) applied.event()).cache());
    if (store != null) {
      store.applied(applied, applied.origin().equals(member.origin()));
    }
  }

  @Override
  public void installed(Replica replica) {
    keeper.installed();
    if (projector != null) {
      projector.installed(replica);
    }
    stores.forEach((cache, store) -> store.install(replica.cacheState(cache), replica.position()));
  }

  @Override
  public void ready(RecoveryReport recovery) {
    report = recovery;
    long entries = recovery.fromSource().values().stream().mapToLong(Long::longValue).sum();
    LOG.info(
        "cluster {}: ready; memory from {} with {} entries, {} written by the log above it, {} ms",
        settings.cluster(),
        recovery.source(),
        entries,
        recovery.fromLog().values().stream().mapToLong(Long::longValue).sum(),
        recovery.took().toMillis());
    CompletableFuture<Boolean> due = nextReady;
    nextReady = new CompletableFuture<>();
    due.complete(true);
  }

  @Override
  public void degraded(String reason) {
    if (reason.isEmpty()) {
      LOG.info("cluster {}: in order again", settings.cluster());
    } else {
      LOG.warn("WRN-0208 cluster {}: degraded: {}", settings.cluster(), reason);
    }
  }

  /**
   * Flushes own writes within the close timeout, says goodbye and lets go of broker and database.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!member.close(settings.closeTimeout())) {
      LOG.warn(
          "WRN-0209 cluster {}: {} own writes could not be flushed within {} ms and are lost with"
              + " this process: {}",
          settings.cluster(),
          member.outbox().unwritten(),
          settings.closeTimeout().toMillis(),
          reason());
    }
    keeper.close();
    evictions.close();
    if (projector != null) {
      projector.close();
    }
    applier.close();
    background.shutdownNow();
    if (database != null) {
      database.close();
    }
  }
}
