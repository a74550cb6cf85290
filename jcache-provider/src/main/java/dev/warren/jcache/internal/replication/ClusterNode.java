// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.jcache.config.OnDisconnect;
import dev.warren.jcache.config.WriteAck;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.Store;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.keeper.Keeper;
import dev.warren.sync.member.MemberListener;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.sync.member.ThreadApplier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.projector.LogProjector;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final OpenCaches caches;
  private final Waits waits = new Waits(this::reason);

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
    this.transport = Providers.transport(settings, loader);
    try {
      this.database = Providers.database(settings, loader);
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
    this.caches = new OpenCaches(cluster, member, applier, settings.writeTimeout());
    this.keeper = new Keeper(member, applier, clock, settings.outbox(), caches::shownExpiryMillis);
    this.evictions = new EvictionTurns(member, applier, caches.stores());
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

  /**
   * Opens the memory of one replicated cache; what this node already holds of it is there on
   * return.
   *
   * @param maxEntries how many entries the cluster shall hold; 0 for any number
   * @param onEviction runs for each entry that this node has evicted; must not block
   * @throws CacheException if the name has more than 1,024 bytes in UTF-8, other members have the
   *     cache open in another mode, the node is closed, or its applier does not come to it within
   *     30 s
   */
  public <K, V> Store<K, V> open(SharedCache<K, V> cache, long maxEntries, Runnable onEviction) {
    ReplicatedStore.Limit limit =
        maxEntries == 0 ? null : new ReplicatedStore.Limit(maxEntries, onEviction);
    return open(cache, limit, OPEN_PATIENCE);
  }

  /**
   * Opens an invalidation cache above this node's own memory of it, which must be empty.
   *
   * @throws CacheException as {@link #open}
   */
  public <K, V> Store<K, V> openInvalidated(SharedCache<K, V> cache, HeapStore<K, V> heap) {
    OpenCaches.refuseLongName(cache.name());
    InvalidationStore<K, V> store =
        new InvalidationStore<>(way(cache), cache.events(), clock, heap);
    caches.open(cache, "invalidation", store, OPEN_PATIENCE);
    return store;
  }

  <K, V> Store<K, V> open(
      SharedCache<K, V> cache, ReplicatedStore.@Nullable Limit limit, Duration patience) {
    OpenCaches.refuseLongName(cache.name());
    ReplicatedStore<K, V> store = new ReplicatedStore<>(way(cache), cache.events(), clock, limit);
    if (!cache.byValue()) {
      store.keepReferences();
    }
    caches.open(cache, "replicated", store, patience);
    return store;
  }

  private <K, V> LogWay<K, V> way(SharedCache<K, V> cache) {
    return new LogWay<>(
        cache.name(),
        new EntryBytes<>(cache.name(), cache.codec(), settings.maxValueBytes()),
        member.outbox(),
        new Rooms(cache.name(), member.outbox(), this::patience),
        new OwnSteps<>(cache.locks(), cache.lifecycle(), cache.acknowledged()),
        applier::execute);
  }

  /** A broker that is away would keep writers waiting for nothing. */
  private Duration patience() {
    return member.trouble().isEmpty() ? settings.writeTimeout() : Duration.ZERO;
  }

  /** What {@code cache} knows of its cluster if it waits for nothing and refuses nothing. */
  public ClusterView view(String cache) {
    return view(cache, WriteAck.LOCAL, OnDisconnect.SERVE);
  }

  /** What {@code cache} knows of its cluster; asked for before it is opened. */
  public ClusterView view(String cache, WriteAck writeAck, OnDisconnect onDisconnect) {
    WriteAcks acks =
        writeAck == WriteAck.LOCAL
            ? null
            : new WriteAcks(member, cache, writeAck, settings.writeTimeout(), this::reason);
    return new CacheView(cache, this, onDisconnect, acks);
  }

  WarrenMember member() {
    return member;
  }

  Observer observer() {
    return observer;
  }

  Waits waits() {
    return waits;
  }

  /** How the memory was got the last time; null before the first. */
  @Nullable RecoveryReport report() {
    return report;
  }

  /** Why {@code cache} was refused after it had been opened; empty if it was not. */
  String refusal(String cache) {
    return caches.refusal(cache);
  }

  long undecodable(String cache) {
    return caches.undecodable(cache);
  }

  /** Forgets the memory of a cache; the cluster's data stay. */
  public void release(String cache) {
    caches.release(cache);
  }

  /** Completes as soon as the node is ready, again if it was before. */
  CompletableFuture<Boolean> readiness() {
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
    waits.await(member.barrier(), timeout, "own writes must be applied");
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
      waits.await(done, left, timeout, "the database must hold what this node has applied");
    } finally {
      done.cancel(false);
    }
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
    if (trouble.isEmpty()) {
      trouble = caches.refusals();
    }
    return trouble.isEmpty() && projector != null ? projector.trouble() : trouble;
  }

  // ---- from the member, on the applier thread

  @Override
  public void applied(Applied applied) {
    keeper.applied(applied);
    if (projector != null) {
      projector.applied(applied);
    }
    caches.applied(applied);
  }

  @Override
  public void installed(Replica replica) {
    keeper.installed();
    if (projector != null) {
      projector.installed(replica);
    }
    caches.installed(replica);
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
    caches.close();
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
