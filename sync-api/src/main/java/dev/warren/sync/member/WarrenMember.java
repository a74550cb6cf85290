// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.SharedLog;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.TransportException;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.Verdict;
import dev.warren.sync.wire.BatchCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a cluster: follows the log, sends its outbox, gets its memory and serves it to
 * others.
 *
 * <p>How a memory comes about (rules E1 to E6): from a ready member, else from MongoDB's
 * checkpoint, else from nothing. Each of these is one cut at an offset; the member then subscribes
 * to the log behind that offset. The log can be read again from any retained offset, so that
 * nothing needs to be buffered while the cut travels: the log is the buffer. Then the member
 * appends its {@code Join}; when it reads it back, it has applied everything that stood in the log
 * before, and if it is also beyond every cut that its snapshot holds, it is ready.
 *
 * <p>Nothing is appended on a connection before the log was located on it (A6): either the record
 * at the last applied offset was read again and is the same, or the member recovers anew.
 *
 * <p>All state is confined to the applier thread; public methods say where they may be called.
 */
public final class WarrenMember {

  private static final Logger LOG = LoggerFactory.getLogger(WarrenMember.class);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration STALL = Duration.ofSeconds(5);
  private static final long NO_ORPHAN = -1;

  /** Identifies a log by its first record. */
  private record Head(long offset, int checksum) {
    static Head of(LogRecord logRecord) {
      return new Head(logRecord.offset(), Follower.checksum(logRecord));
    }

    /** True if a log that began with this cannot begin with {@code now}; retention only raises. */
    boolean isReplacedBy(Head now) {
      return now.offset < offset || (now.offset == offset && now.checksum != checksum);
    }
  }

  private final Origin self;
  private final MemberSettings settings;
  private final ClusterTransport transport;
  private final @Nullable SnapshotStore store;
  private final Applier applier;
  private final Executor background;
  private final MemberListener listener;
  private final Outbox outbox;
  private final Sender sender;
  private final SnapshotServer server;
  private final Membership membership;
  private final Follower follower = new Follower();

  private Phase phase = Phase.LOCATING;
  private boolean connected;

  /** Counts connections and recoveries: callbacks of earlier ones are dropped. */
  private int turn;

  /** Counts connections and their ends. */
  private int connection;

  private SharedLog.@Nullable LogSubscription subscription;
  private @Nullable Replica replica;
  private int checksum;
  private long highestCounter;

  /** True until the record at the last applied offset was read again (A6). */
  private boolean verifying;

  /**
   * True while the log is not the one that {@link #replica} was made of: only an {@code Epoch} is
   * looked for in it.
   */
  private boolean detached;

  /** The first record of the log that is being read; null if it is not known. */
  private @Nullable Head head;

  /** True while the next record to come is the log's first. */
  private boolean awaitingHead;

  /** True if {@link #replica} was ready once, and is what this member can offer as a source. */
  private boolean complete;

  /** Offset of the last {@code Epoch} read; the member that it names has not served yet. */
  private long orphanOffset = NO_ORPHAN;

  private EpochId orphanEpoch = EpochId.NONE;
  private long orphanedSinceMillis;

  /** True if the base was taken without the member that the epoch names: the next one is opened. */
  private boolean adopted;

  /** Counts installed memories: each is ready when an own event behind it was applied. */
  private int installs;

  private boolean caughtUp;

  private RecoveryReport.Source source = RecoveryReport.Source.LOG;
  private Map<String, Long> fromSource = Map.of();
  private long recoveryStartedMillis;
  private final Map<Origin, PeerMessage.Here> answers = new HashMap<>();
  private @Nullable SnapshotFetch fetch;
  private long transfers;
  private volatile String trouble = "";
  private volatile boolean ready;

  public WarrenMember(
      MemberSettings settings,
      OutboxLimits limits,
      ClusterTransport transport,
      @Nullable SnapshotStore store,
      Applier applier,
      Executor background,
      MemberListener listener) {
    this(Origin.random(), settings, limits, transport, store, applier, background, listener);
  }

  /** A member whose origin is given: simulations repeat a run with it. */
  public WarrenMember(
      Origin self,
      MemberSettings settings,
      OutboxLimits limits,
      ClusterTransport transport,
      @Nullable SnapshotStore store,
      Applier applier,
      Executor background,
      MemberListener listener) {
    this.self = self;
    this.settings = settings;
    this.transport = transport;
    this.store = store;
    this.applier = applier;
    this.background = background;
    this.listener = listener;
    this.outbox = new Outbox(limits, this::wake);
    this.sender = new Sender(transport.log(), outbox, self, settings.name(), applier);
    this.server = new SnapshotServer(transport.peers(), background, applier);
    this.membership = new Membership(outbox, self, settings);
  }

  /** Starts connecting; returns at once. */
  public void start() {
    applier.execute(() -> recoveryStartedMillis = applier.nowMillis());
    transport.peers().register(self, (from, bytes) -> applier.execute(() -> peer(from, bytes)));
    transport.start(
        new ConnectionListener() {
          @Override
          public void connected() {
            applier.execute(WarrenMember.this::onConnected);
          }

          @Override
          public void disconnected(TransportException cause) {
            applier.execute(() -> onDisconnected(cause));
          }
        });
    applier.schedule(settings.heartbeat(), this::tick);
  }

  public Origin origin() {
    return self;
  }

  /** Where own events are handed in; thread-safe. */
  public Outbox outbox() {
    return outbox;
  }

  /** True when this member holds the whole log state; any thread. */
  public boolean isReady() {
    return ready;
  }

  /** What is wrong now, empty if nothing; any thread. */
  public String trouble() {
    return trouble;
  }

  /** How many records of the log were no batches; any thread. */
  public long refused() {
    return follower.refused();
  }

  /** Completes on the applier when all own events offered before are applied here; any thread. */
  public CompletableFuture<OwnEvent.Fate> barrier() {
    CompletableFuture<OwnEvent.Fate> done = new CompletableFuture<>();
    outbox.offerControl(new Event.Noop(), done::complete);
    return done;
  }

  /** The replica; applier thread only. Null before the first recovery. */
  public @Nullable Replica replica() {
    return replica;
  }

  private volatile boolean wakePending;

  private void wake() {
    if (!wakePending) {
      wakePending = true;
      applier.execute(
          () -> {
            wakePending = false;
            sender.pump();
          });
    }
  }

  // ---- connection

  private void onConnected() {
    connected = true;
    connection++;
    membership.restart();
    locate();
  }

  private void onDisconnected(TransportException cause) {
    connected = false;
    connection++;
    turn++;
    cancelSubscription();
    sender.pause();
    server.reset();
    fetch = null;
    if (phase != Phase.READY && phase != Phase.CLOSED) {
      phase = Phase.LOCATING;
    }
    trouble(String.valueOf(cause.getMessage()));
  }

  private void trouble(String reason) {
    if (!reason.equals(trouble)) {
      trouble = reason;
      listener.degraded(reason);
    }
  }

  /** Runs {@code task} on the applier unless the connection or the recovery has changed since. */
  private void later(Duration delay, Runnable task) {
    int then = turn;
    applier.schedule(
        delay,
        () -> {
          if (then == turn && phase != Phase.CLOSED) {
            task.run();
          }
        });
  }

  private <T> void whenDone(
      java.util.concurrent.CompletionStage<T> stage,
      java.util.function.Consumer<T> success,
      java.util.function.Consumer<Throwable> failure) {
    int then = turn;
    stage.whenComplete(
        (result, error) ->
            applier.execute(
                () -> {
                  if (then != turn || phase == Phase.CLOSED) {
                    return;
                  }
                  if (error != null) {
                    failure.accept(error);
                  } else {
                    success.accept(result);
                  }
                }));
  }

  /** A6: reads the log's first record on this connection, then goes on or recovers. */
  private void locate() {
    turn++;
    cancelSubscription();
    whenDone(
        transport.log().head(),
        first -> {
          Head before = head;
          head = first.map(Head::of).orElse(null);
          Replica held = replica;
          if (first.isEmpty()) {
            emptyLog();
          } else if (held != null && phase == Phase.READY) {
            boolean replaced = before == null || before.isReplacedBy(Head.of(first.get()));
            resume(held, first.get(), replaced || detached);
          } else {
            seek();
          }
        },
        failure -> later(RETRY, this::locate));
  }

  private void resume(Replica held, LogRecord first, boolean isReplaced) {
    if (isReplaced) {
      replaced(Follower.peek(first));
      return;
    }
    if (held.offset() < first.offset()) {
      LOG.warn(
          "WRN-0202 the log begins at offset {} behind the last applied one, {}: it was truncated;"
              + " the memory is fetched anew",
          first.offset(),
          held.offset());
      recoverAnew();
      return;
    }
    verifying = true;
    subscribe(held.offset());
    later(
        STALL,
        () -> {
          if (verifying) {
            replaced(Optional.empty());
          }
        });
  }

  /**
   * The log does not hold what was applied: it is another one, which may have its epoch already.
   */
  private void replaced(Optional<Batch> first) {
    verifying = false;
    LOG.warn(
        "WRN-0203 the log no longer holds the batch that was applied last: it was replaced; {}",
        phase == Phase.READY ? "the next epoch begins" : "the memory is fetched anew");
    if (phase != Phase.READY) {
      recoverAnew();
      return;
    }
    followDetached(SharedLog.FIRST);
    Replica held = replica;
    boolean opened =
        held != null
            && first
                .flatMap(Follower::opening)
                .filter(epoch -> epoch.id().counter() > held.epoch().counter())
                .isPresent();
    if (!opened) {
      appendEpoch(Event.SourceKind.MEMBER);
    }
  }

  /** Reads a log that the replica was not made of: only its {@code Epoch} counts. */
  private void followDetached(long from) {
    sender.pause();
    follow(from);
    detached = true;
  }

  private void recoverAnew() {
    turn++;
    cancelSubscription();
    sender.pause();
    recoveryStartedMillis = applier.nowMillis();
    phase = Phase.LOCATING;
    ready = false;
    seek();
  }

  private void emptyLog() {
    if (phase == Phase.READY) {
      followDetached(SharedLog.FIRST);
      appendEpoch(Event.SourceKind.MEMBER);
      return;
    }
    phase = Phase.EMPTY_LOG;
    if (!complete) {
      replica = null;
    }
    followDetached(SharedLog.FIRST);
    later(
        settings.epochGrace(),
        () -> {
          if (phase == Phase.EMPTY_LOG) {
            openFirstEpoch();
          }
        });
  }

  private void openFirstEpoch() {
    if (complete) {
      appendEpoch(Event.SourceKind.MEMBER);
      return;
    }
    SnapshotStore database = store;
    if (database == null) {
      appendEpoch(Event.SourceKind.NOTHING);
      return;
    }
    whenDone(
        CompletableFuture.supplyAsync(database::readCheckpoint, background),
        checkpoint -> {
          if (phase == Phase.EMPTY_LOG) { // else somebody's Epoch came while the database answered
            checkpoint.ifPresent(c -> know(c.epoch()));
            appendEpoch(
                checkpoint.isPresent() ? Event.SourceKind.DATABASE : Event.SourceKind.NOTHING);
          }
        },
        failure -> {
          databaseTrouble(failure);
          later(RETRY, this::locate);
        });
  }

  private void databaseTrouble(Throwable failure) {
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    trouble(String.valueOf(cause.getMessage()));
  }

  private void know(EpochId epoch) {
    highestCounter = Math.max(highestCounter, epoch.counter());
  }

  private void appendEpoch(Event.SourceKind kind) {
    EpochId id = new EpochId(highestCounter + 1, Origin.random().id());
    Origin author = kind == Event.SourceKind.MEMBER ? self : null;
    Batch batch =
        new Batch(id, Origin.random(), 1, false, List.of(new Event.Epoch(id, kind, author)));
    LOG.trace("{} appends epoch {} from {}", this, id, kind);
    int then = connection;
    transport
        .log()
        .append(BatchCodec.encode(batch))
        .whenComplete(
            (done, failure) ->
                applier.schedule(failure == null ? STALL : RETRY, () -> opened(then, id, kind)));
  }

  /** An {@code Epoch} that is not read back was lost on the way. */
  private void opened(int then, EpochId id, Event.SourceKind kind) {
    if (then != connection || !connected || phase == Phase.CLOSED) {
      return;
    }
    Replica held = replica;
    if (detached) {
      locate();
    } else if (phase == Phase.READY && held != null && held.epoch().counter() < id.counter()) {
      appendEpoch(kind);
    }
  }

  /**
   * A6: the database holds another epoch than the log, with a counter at least as high; applier
   * thread. A ready member opens one above it, else nothing could be written any more.
   */
  public void surpass(EpochId foreign) {
    Replica held = replica;
    know(foreign);
    if (held != null
        && phase == Phase.READY
        && sender.isOpen()
        && foreign.counter() >= held.epoch().counter()
        && !foreign.equals(held.epoch())) {
      appendEpoch(Event.SourceKind.MEMBER);
    }
  }

  // ---- where the memory comes from

  private void seek() {
    phase = Phase.SEEKING;
    answers.clear();
    transport.peers().broadcast(new PeerMessage.Who(false).encode());
    later(settings.seekTimeout(), this::choose);
  }

  private void choose() {
    if (phase != Phase.SEEKING) {
      return;
    }
    Optional<Map.Entry<Origin, PeerMessage.Here>> best =
        answers.entrySet().stream()
            .filter(e -> e.getValue().ready())
            .filter(e -> e.getValue().epoch().counter() >= highestCounter)
            .max(
                Map.Entry.comparingByValue(
                    java.util.Comparator.<PeerMessage.Here>comparingLong(
                            here -> here.epoch().counter())
                        .thenComparingLong(PeerMessage.Here::position)));
    if (best.isPresent()) {
      ask(best.get().getKey());
      return;
    }
    boolean others =
        answers.entrySet().stream()
            .anyMatch(e -> e.getValue().recovering() || goesFirst(e.getKey(), e.getValue()));
    Replica held = replica;
    if (others) {
      later(settings.seekTimeout(), this::seek);
    } else if (orphanOffset == NO_ORPHAN && complete && held != null) {
      preferNewer(held);
    } else if (orphanOffset == NO_ORPHAN) {
      loadFromDatabase();
    } else if (applier.nowMillis() - orphanedSinceMillis < settings.memberTimeout().toMillis()) {
      later(settings.seekTimeout(), this::seek);
    } else {
      replaceLostSource();
    }
  }

  /** Of those whom nobody can serve the one that held most is first, so that the least is lost. */
  private boolean goesFirst(Origin other, PeerMessage.Here here) {
    PeerMessage.Here own = here();
    int order = Long.compare(here.epoch().counter(), own.epoch().counter());
    if (order == 0) {
      order = Long.compare(here.position(), own.position());
    }
    return order > 0 || (order == 0 && other.compareTo(self) < 0);
  }

  /** F2: nobody can serve this member, which was ready: the database's copy may be newer. */
  private void preferNewer(Replica held) {
    SnapshotStore database = store;
    if (database == null) {
      goOnWith(held);
      return;
    }
    phase = Phase.LOADING;
    whenDone(
        CompletableFuture.supplyAsync(database::readCheckpoint, background),
        checkpoint -> {
          boolean newer =
              checkpoint
                  .filter(
                      c ->
                          c.epoch().counter() > held.epoch().counter()
                              || (c.epoch().equals(held.epoch()) && c.position() > held.position()))
                  .isPresent();
          if (newer) {
            loadFromDatabase();
          } else {
            goOnWith(held);
          }
        },
        failure -> {
          databaseTrouble(failure);
          later(RETRY.multipliedBy(4), this::seek);
        });
  }

  /**
   * What was held before is the best that is left; the log behind it is applied if it is the same.
   */
  private void goOnWith(Replica held) {
    whenDone(
        transport.log().head(),
        first -> {
          if (first.isEmpty()) {
            emptyLog();
          } else if (first.get().offset() > held.offset()) {
            installBehindGap(
                SnapshotImage.cut(held, checksum).behindGap(first.get().offset(), self),
                held.offset(),
                first.get().offset(),
                source,
                fromSource);
          } else {
            followDetached(SharedLog.FIRST);
            appendEpoch(Event.SourceKind.MEMBER);
          }
        },
        failure -> later(RETRY, this::locate));
  }

  /**
   * A7: the log no longer holds what followed {@code base}. What it does hold is applied to it;
   * then the next epoch begins, since another member may have found less.
   */
  private void installBehindGap(
      Replica base, long last, long first, RecoveryReport.Source from, Map<String, Long> counts) {
    LOG.warn(
        "WRN-0214 the log begins at offset {}, the newest memory that can be had ends at {}: changes"
            + " between them are lost; keep the log for longer than all members and the database"
            + " can be away",
        first,
        last);
    adopted = true;
    basePosition = base.position();
    install(base, 0, from, counts);
    follow(first);
    sender.open(base);
  }

  /**
   * F2: the member that the epoch names is gone. Who was ready before offers what it holds; without
   * such a member the database's copy and the log are all there is.
   */
  private void replaceLostSource() {
    long behind = orphanOffset + 1;
    if (complete) {
      LOG.warn(
          "WRN-0212 the member from which epoch {} has its data is gone: this member opens the next"
              + " with what it held before",
          highestCounter);
      followDetached(behind);
      appendEpoch(Event.SourceKind.MEMBER);
      return;
    }
    LOG.warn(
        "WRN-0213 nobody holds the data with which epoch {} began, or can read them: this member goes"
            + " on with {} and the log",
        highestCounter,
        store == null ? "nothing" : "the database's copy");
    adopted = true;
    loadBase(orphanOffset, orphanEpoch);
  }

  private void ask(Origin from) {
    phase = Phase.FETCHING;
    SnapshotFetch started = new SnapshotFetch(from, ++transfers);
    fetch = started;
    whenDone(
        transport.peers().send(from, new PeerMessage.Ask(started.transfer()).encode()),
        sent -> watch(started, -1),
        failure -> later(RETRY, this::seek));
  }

  /** A transfer in which nothing moved for a while is given up, and another source is sought. */
  private void watch(SnapshotFetch watched, int progress) {
    later(
        STALL,
        () -> {
          if (fetch != watched || phase != Phase.FETCHING) {
            return;
          }
          if (watched.progress() == progress) {
            LOG.info("the transfer from {} stalled: looking for another source", watched.source());
            seek();
          } else {
            watch(watched, watched.progress());
          }
        });
  }

  private void loadFromDatabase() {
    SnapshotStore database = store;
    if (database == null) {
      readLogAlone();
      return;
    }
    phase = Phase.LOADING;
    whenDone(
        CompletableFuture.supplyAsync(() -> DatabaseImage.read(database), background),
        image -> {
          if (image.isEmpty()) {
            readLogAlone();
            return;
          }
          know(image.get().epoch());
          followFrom(image.get());
        },
        failure -> {
          databaseTrouble(failure);
          later(RETRY.multipliedBy(4), this::seek);
        });
  }

  /** E5: the checkpoint counts if the log still is the one that it was made of. */
  private void followFrom(DatabaseImage image) {
    whenDone(
        transport.log().head(),
        firstRecord -> {
          Optional<Batch> first = firstRecord.flatMap(Follower::peek);
          EpochId found = first.map(Batch::epoch).orElse(EpochId.NONE);
          long begin = firstRecord.map(LogRecord::offset).orElse(0L);
          if (firstRecord.isEmpty()) {
            emptyLog();
          } else if (found.counter() > image.epoch().counter()
              && first.flatMap(Follower::opening).isPresent()) {
            readLogAlone(); // its Epoch names the source of its data
          } else if (found.counter() > image.epoch().counter()) {
            installBehindGap(
                image.asBaseOf(found, begin - 1, true),
                -1,
                begin,
                RecoveryReport.Source.DATABASE,
                image.counts());
          } else if (found.equals(image.epoch()) && begin > image.offset() + 1) {
            installBehindGap(
                image.behindGap(begin),
                image.offset(),
                begin,
                RecoveryReport.Source.DATABASE,
                image.counts());
          } else if (found.counter() == image.epoch().counter() && !found.equals(image.epoch())) {
            appendEpoch(Event.SourceKind.DATABASE);
            readLogAlone();
          } else {
            install(image.toReplica(), 0, RecoveryReport.Source.DATABASE, image.counts());
            follow(image.offset() + 1);
            sender.open(installedReplica());
          }
        },
        failure -> later(RETRY, this::locate));
  }

  private Replica installedReplica() {
    Replica installed = replica;
    if (installed == null) {
      throw new IllegalStateException("no replica was installed");
    }
    return installed;
  }

  private void readLogAlone() {
    phase = Phase.CATCHING_UP;
    replica = null;
    complete = false;
    source = RecoveryReport.Source.LOG;
    fromSource = Map.of();
    follow(SharedLog.FIRST);
    later(settings.epochGrace(), this::openUnlessRead);
  }

  /**
   * A log in which only foreign records stand is opened as an empty one is. If batches come after
   * all, theirs is the epoch: a counter that is no higher has no effect (A6).
   */
  private void openUnlessRead() {
    if (phase == Phase.CATCHING_UP && replica == null && follower.refused() > 0) {
      phase = Phase.EMPTY_LOG;
      detached = true;
      openFirstEpoch();
    }
  }

  private void install(
      Replica installed, int lastChecksum, RecoveryReport.Source from, Map<String, Long> counts) {
    LOG.trace(
        "{} installs {} of {} at {}", settings.name(), from, installed.epoch(), installed.offset());
    know(installed.epoch());
    replica = installed;
    checksum = lastChecksum;
    source = from;
    fromSource = counts;
    phase = Phase.CATCHING_UP;
    detached = false;
    complete = false;
    orphanOffset = NO_ORPHAN;
    listener.installed(installed); // before own overlays end: readers must find one of the two (E4)
    EpochId numbered = sender.numbered();
    if (numbered.equals(EpochId.NONE) || numbered.equals(installed.epoch())) {
      outbox.covered(installed.sequence(self));
    } else {
      sender.enteredEpoch();
      outbox.enterEpoch(installed.coveredInEpoch(numbered, self));
    }
    awaitOwnEvent();
  }

  /**
   * E6: an own event that is appended from now on marks the place up to which the log must be
   * applied; an own {@code Join} read again from an old log does not.
   */
  private void awaitOwnEvent() {
    int then = ++installs;
    caughtUp = false;
    Replica held = installedReplica();
    if (held.sequence(self) > 0 && !held.view().containsKey(self)) {
      outbox.offerControl(new Event.Join(settings.name()), OwnEvent.UNATTENDED); // F1
    }
    outbox.offerControl(
        new Event.Heartbeat(held.position(), held.count(), held.sum()),
        fate -> caughtUp |= then == installs && fate == OwnEvent.Fate.EFFECTIVE);
  }

  // ---- the log

  private void follow(long from) {
    cancelSubscription();
    verifying = false;
    detached = false;
    subscribe(from);
  }

  private void subscribe(long from) {
    awaitingHead = from == SharedLog.FIRST;
    int then = turn;
    java.util.concurrent.Semaphore room = new java.util.concurrent.Semaphore(256);
    subscription =
        transport
            .log()
            .subscribe(
                from,
                logRecord -> {
                  room.acquireUninterruptibly();
                  applier.execute(
                      () -> {
                        room.release();
                        if (then == turn && phase != Phase.CLOSED) {
                          onRecord(logRecord);
                        }
                      });
                });
  }

  private void cancelSubscription() {
    if (subscription != null) {
      SharedLog.LogSubscription old = subscription;
      subscription = null;
      turn++;
      background.execute(old::close);
    }
  }

  private void onRecord(LogRecord logRecord) {
    if (awaitingHead) {
      awaitingHead = false;
      head = Head.of(logRecord);
    }
    Replica held = replica;
    if (verifying && held != null) {
      verifying = false;
      if (logRecord.offset() != held.offset()
          || (checksum != 0 && checksum != Follower.checksum(logRecord))) {
        replaced(Optional.empty());
      } else {
        trouble("");
        sender.open(held);
      }
      return;
    }
    Optional<Batch> decoded = follower.decode(logRecord);
    if (decoded.isEmpty()) {
      if (held != null && !detached && logRecord.offset() > held.offset()) {
        held.skip(logRecord.offset());
        checksum = Follower.checksum(logRecord);
      }
      return;
    }
    Batch batch = decoded.get();
    Optional<Event.Epoch> opening = Follower.opening(batch);
    long current = held == null ? 0 : held.epoch().counter();
    if (opening.isPresent() && opening.get().id().counter() > current) {
      checksum = Follower.checksum(logRecord);
      enterEpoch(logRecord, opening.get());
      return;
    }
    if (detached && phase == Phase.READY) {
      return;
    }
    if (held == null || detached) { // A7: the log's head was truncated; its batches tell the epoch
      held = Replica.empty(batch.epoch(), logRecord.offset() - 1, true);
      install(held, 0, RecoveryReport.Source.LOG, Map.of());
      sender.open(held);
    }
    if (logRecord.offset() > held.offset()) {
      apply(held, logRecord, batch);
    }
  }

  private void apply(Replica held, LogRecord logRecord, Batch batch) {
    checksum = Follower.checksum(logRecord);
    boolean own = batch.origin().equals(self);
    Verdict verdict = held.apply(logRecord.offset(), batch, this::applied);
    if (own && verdict == Verdict.BEYOND_NEXT) {
      sender.holeSeen();
    } else if (own) {
      outbox.dropApplied(held.sequence(self));
      sender.pump();
    }
    if (phase == Phase.CATCHING_UP
        && caughtUp
        && held.view().containsKey(self)
        && held.isBeyondCuts()) {
      becomeReady(held);
    }
  }

  private void applied(Applied applied) {
    boolean own = applied.origin().equals(self);
    if (applied.event() instanceof Event.CacheEvent) {
      listener.applied(applied);
    } else if (own && applied.event() instanceof Event.Join) {
      sender.ownJoinApplied();
      if (phase == Phase.READY) {
        outbox.offerControl(new Event.Ready(), OwnEvent.UNATTENDED);
      }
    } else if (applied.event() instanceof Event.Suspect suspect
        && suspect.member().equals(self)
        && applied.outcome() == dev.warren.sync.replica.Outcome.EFFECTIVE) {
      outbox.offerControl(new Event.Join(settings.name()), OwnEvent.UNATTENDED);
    }
    if (own) {
      outbox.applied(applied);
    }
  }

  private void becomeReady(Replica held) {
    LOG.trace("{} becomes ready", this);
    phase = Phase.READY;
    ready = true;
    complete = true;
    if (adopted) {
      adopted = false;
      appendEpoch(Event.SourceKind.MEMBER);
    }
    trouble("");
    outbox.offerControl(new Event.Ready(), OwnEvent.UNATTENDED);
    Map<String, Long> fromLog = new HashMap<>();
    for (String cache : held.cacheNames()) {
      var state = held.cacheState(cache);
      long base = source == RecoveryReport.Source.LOG ? 0 : basePosition;
      if (state != null) {
        fromLog.put(
            cache, state.entries().values().stream().filter(e -> e.writePosition() > base).count());
      }
    }
    Duration took = Duration.ofMillis(applier.nowMillis() - recoveryStartedMillis);
    listener.ready(new RecoveryReport(source, fromSource, fromLog, took));
  }

  private long basePosition;

  /** F2: a new epoch begins here; its data are those of its source. */
  private void enterEpoch(LogRecord logRecord, Event.Epoch opening) {
    LOG.trace("{} reads {} at {}", this, opening, logRecord.offset());
    know(opening.id());
    adopted = false;
    Replica held = replica;
    boolean selfIsSource = self.equals(opening.member());
    sender.pause();
    if (selfIsSource && held != null) {
      SnapshotImage image = SnapshotImage.cut(held, checksum);
      boolean wasReady = phase == Phase.READY;
      Replica base = image.asBaseOf(opening.id(), logRecord.offset());
      RecoveryReport.Source from = source;
      install(base, checksum, from, fromSource);
      basePosition = base.position();
      complete = true;
      sender.open(base);
      if (wasReady) {
        phase = Phase.READY;
        trouble("");
      }
    } else if (opening.source() != Event.SourceKind.MEMBER
        && (phase == Phase.READY || (complete && opening.source() == Event.SourceKind.NOTHING))) {
      LOG.warn(
          "WRN-0204 epoch {} was opened without the data that this member holds: it opens the next",
          opening.id());
      followDetached(logRecord.offset() + 1);
      appendEpoch(Event.SourceKind.MEMBER);
    } else if (opening.source() == Event.SourceKind.DATABASE && store != null) {
      loadBase(logRecord.offset(), opening.id());
    } else if (opening.source() != Event.SourceKind.NOTHING && !selfIsSource) {
      phase = Phase.LOCATING;
      ready = false;
      if (!opening.id().equals(orphanEpoch)) {
        orphanEpoch = opening.id();
        orphanedSinceMillis = applier.nowMillis();
      }
      orphanOffset = logRecord.offset();
      cancelSubscription();
      seek();
    } else {
      Replica base = Replica.empty(opening.id(), logRecord.offset(), false);
      install(base, checksum, RecoveryReport.Source.LOG, Map.of());
      sender.open(base);
    }
  }

  /** F2: no member holds data; MongoDB's are the base, as position 0 of the new epoch. */
  private void loadBase(long epochOffset, EpochId next) {
    phase = Phase.LOADING;
    cancelSubscription();
    int lastChecksum = checksum;
    SnapshotStore database = store;
    if (database == null) {
      installBase(Optional.empty(), epochOffset, next, lastChecksum);
      return;
    }
    whenDone(
        CompletableFuture.supplyAsync(() -> DatabaseImage.read(database), background),
        image -> {
          if (image.isPresent() && image.get().epoch().equals(next)) {
            followFrom(image.get());
          } else {
            installBase(image, epochOffset, next, lastChecksum);
          }
        },
        failure -> {
          databaseTrouble(failure);
          later(RETRY.multipliedBy(4), this::locate);
        });
  }

  private void installBase(
      Optional<DatabaseImage> image, long epochOffset, EpochId next, int lastChecksum) {
    Replica base =
        image
            .map(i -> i.asBaseOf(next, epochOffset, false))
            .orElseGet(() -> Replica.empty(next, epochOffset, false));
    install(
        base,
        lastChecksum,
        image.isPresent() ? RecoveryReport.Source.DATABASE : RecoveryReport.Source.LOG,
        image.map(DatabaseImage::counts).orElse(Map.of()));
    basePosition = base.position();
    follow(epochOffset + 1);
    sender.open(base);
  }

  // ---- peers

  private void peer(Origin from, byte[] bytes) {
    PeerMessage message;
    try {
      message = PeerMessage.decode(bytes);
    } catch (IOException e) {
      LOG.debug("a peer message of {} was refused: {}", from, e.getMessage());
      return;
    }
    if (phase == Phase.CLOSED) {
      return;
    }
    if (message instanceof PeerMessage.Who) {
      answer(from);
    } else if (message instanceof PeerMessage.Here here) {
      answers.put(from, here);
      if (here.ready() && phase == Phase.SEEKING && here.epoch().counter() >= highestCounter) {
        ask(from);
      }
    } else if (message instanceof PeerMessage.Ask ask) {
      serve(from, ask);
    } else if (message instanceof PeerMessage.Credit credit) {
      server.credit(from, credit.transfer(), credit.received());
    } else {
      receive(from, message);
    }
  }

  private void answer(Origin to) {
    transport.peers().send(to, here().encode());
  }

  /** What this member can offer: the memory with which it is or was ready. */
  private PeerMessage.Here here() {
    Replica held = complete ? replica : null;
    EpochId epoch = held == null ? EpochId.NONE : held.epoch();
    long position = held == null ? Positions.BEFORE_FIRST : held.position();
    boolean serves = phase == Phase.READY && sender.isOpen();
    return new PeerMessage.Here(epoch, serves, phase.isRecovering(), position);
  }

  private void serve(Origin to, PeerMessage.Ask ask) {
    Replica held = replica;
    if (held == null || phase != Phase.READY || !sender.isOpen()) {
      transport.peers().send(to, new PeerMessage.Refuse(ask.transfer()).encode());
    } else {
      server.serve(to, ask.transfer(), SnapshotImage.cut(held, checksum));
    }
  }

  private void receive(Origin from, PeerMessage message) {
    SnapshotFetch running = fetch;
    if (running == null || phase != Phase.FETCHING) {
      return;
    }
    try {
      if (message instanceof PeerMessage.Head head && running.isFor(from, head.transfer())) {
        running.head(head);
      } else if (message instanceof PeerMessage.Chunk chunk
          && running.isFor(from, chunk.transfer())) {
        int received = running.chunk(chunk);
        transport.peers().send(from, new PeerMessage.Credit(chunk.transfer(), received).encode());
      } else if (message instanceof PeerMessage.End end && running.isFor(from, end.transfer())) {
        running.end(end);
      } else if (message instanceof PeerMessage.Refuse refuse
          && running.isFor(from, refuse.transfer())) {
        fetch = null;
        later(RETRY, this::seek);
        return;
      }
    } catch (IOException e) {
      LOG.warn(
          "WRN-0205 the snapshot of {} cannot be read, another source is sought: {}",
          from,
          e.getMessage());
      fetch = null;
      later(RETRY, this::seek);
      return;
    }
    running.image().ifPresent(this::installImage);
  }

  private void installImage(SnapshotImage image) {
    fetch = null;
    adopted = false;
    Replica installed = image.toReplica();
    basePosition = installed.position();
    install(installed, image.checksum(), RecoveryReport.Source.MEMBER, image.counts());
    cancelSubscription();
    verifying = true;
    subscribe(installed.offset());
    later(
        STALL,
        () -> {
          if (verifying) {
            recoverAnew();
          }
        });
  }

  // ---- time

  private void tick() {
    if (phase == Phase.CLOSED) {
      return;
    }
    sender.tick(applier.nowMillis());
    Replica held = replica;
    if (connected && sender.isOpen() && held != null && held.sequence(self) > 0) {
      membership.tick(held, phase == Phase.READY, applier.nowMillis());
    }
    applier.schedule(settings.heartbeat(), this::tick);
  }

  /**
   * Takes no more writes, waits until what was taken is applied, at most {@code timeout}, says
   * {@code Leave} and disconnects. Not on the applier thread.
   *
   * @return true if nothing was left in the outbox
   */
  public boolean close(Duration timeout) {
    outbox.close();
    boolean flushed = await(barrier(), timeout);
    if (flushed) {
      CompletableFuture<OwnEvent.Fate> left = new CompletableFuture<>();
      outbox.offerControl(new Event.Leave(), left::complete);
      await(left, Duration.ofSeconds(2));
    }
    applier.execute(
        () -> {
          phase = Phase.CLOSED;
          ready = false;
          turn++;
        });
    transport.close();
    return flushed;
  }

  /** Where it stands, for people; exact on the applier thread only. */
  @Override
  public String toString() {
    Replica held = replica;
    return "%s %s%s%s of %s: epoch %s, offset %d, sequence %d; outbox %d%s"
        .formatted(
            settings.name(),
            phase,
            detached ? " detached" : verifying ? " verifying" : "",
            sender.isOpen() ? " sending" : "",
            transport.describe(),
            held == null ? "none" : held.epoch(),
            held == null ? -1 : held.offset(),
            held == null ? 0 : held.sequence(self),
            outbox.depth(),
            trouble.isEmpty() ? "" : "; " + trouble);
  }

  private static boolean await(CompletableFuture<OwnEvent.Fate> future, Duration timeout) {
    try {
      future.get(timeout.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }
}
