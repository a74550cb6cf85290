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

  private final Origin self = Origin.random();
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

  private SharedLog.@Nullable LogSubscription subscription;
  private @Nullable Replica replica;
  private int checksum;
  private long highestCounter;

  /** Offset whose record must be read again, unchanged, before the log counts as the same. */
  private boolean verifying;

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
    membership.restart();
    locate();
  }

  private void onDisconnected(TransportException cause) {
    connected = false;
    turn++;
    subscription = null;
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
        head -> {
          Replica held = replica;
          if (head.isEmpty()) {
            emptyLog();
          } else if (held != null && phase == Phase.READY) {
            resume(held, head.get());
          } else {
            seek();
          }
        },
        failure -> later(RETRY, this::locate));
  }

  private void resume(Replica held, LogRecord head) {
    if (held.offset() < head.offset()) {
      LOG.warn(
          "WRN-0202 the log begins at offset {} behind the last applied one, {}: it was truncated or"
              + " replaced; the memory is fetched anew",
          head.offset(),
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
            replaced();
          }
        });
  }

  /** The log does not hold what was applied: it is another one. */
  private void replaced() {
    verifying = false;
    LOG.warn(
        "WRN-0203 the log no longer holds the batch that was applied last: it was replaced; {}",
        phase == Phase.READY ? "this member opens the next epoch" : "the memory is fetched anew");
    if (phase == Phase.READY) {
      appendEpoch(Event.SourceKind.MEMBER);
      follow(SharedLog.FIRST);
    } else {
      recoverAnew();
    }
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
      appendEpoch(Event.SourceKind.MEMBER);
      follow(SharedLog.FIRST);
      return;
    }
    phase = Phase.EMPTY_LOG;
    replica = null;
    follow(SharedLog.FIRST);
    later(
        settings.epochGrace(),
        () -> {
          if (phase == Phase.EMPTY_LOG) {
            openFirstEpoch();
          }
        });
  }

  private void openFirstEpoch() {
    SnapshotStore database = store;
    if (database == null) {
      appendEpoch(Event.SourceKind.NOTHING);
      return;
    }
    whenDone(
        CompletableFuture.supplyAsync(database::readCheckpoint, background),
        checkpoint -> {
          checkpoint.ifPresent(c -> know(c.epoch()));
          appendEpoch(
              checkpoint.isPresent() ? Event.SourceKind.DATABASE : Event.SourceKind.NOTHING);
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
    int then = turn;
    transport
        .log()
        .append(BatchCodec.encode(batch))
        .whenComplete(
            (done, failure) ->
                applier.execute(
                    () -> {
                      if (failure != null && then == turn && connected) {
                        later(RETRY, this::locate);
                      }
                    }));
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
            .anyMatch(e -> e.getValue().recovering() || e.getKey().compareTo(self) < 0);
    if (others) {
      later(settings.seekTimeout(), this::seek);
    } else {
      loadFromDatabase();
    }
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
        head -> {
          Optional<Batch> first = head.flatMap(follower::decode);
          EpochId found = first.map(Batch::epoch).orElse(EpochId.NONE);
          if (found.counter() > image.epoch().counter()) {
            readLogAlone(); // its Epoch names the source of its data
          } else if (head.isEmpty()) {
            emptyLog();
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
    source = RecoveryReport.Source.LOG;
    fromSource = Map.of();
    follow(SharedLog.FIRST);
  }

  private void install(
      Replica installed, int lastChecksum, RecoveryReport.Source from, Map<String, Long> counts) {
    know(installed.epoch());
    boolean otherEpoch = replica != null && !replica.epoch().equals(installed.epoch());
    long covered = installed.sequence(self);
    if (otherEpoch) {
      Replica.PreviousEpoch previous = installed.state().previous();
      covered = previous == null ? 0 : previous.sequences().getOrDefault(self, 0L);
    }
    replica = installed;
    checksum = lastChecksum;
    source = from;
    fromSource = counts;
    phase = Phase.CATCHING_UP;
    if (otherEpoch) {
      sender.enteredEpoch();
      outbox.enterEpoch(covered);
    } else {
      outbox.covered(covered);
    }
    listener.installed(installed);
  }

  // ---- the log

  private void follow(long from) {
    cancelSubscription();
    verifying = false;
    subscribe(from);
  }

  private void subscribe(long from) {
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
    Replica held = replica;
    if (verifying && held != null) {
      verifying = false;
      if (logRecord.offset() != held.offset()
          || (checksum != 0 && checksum != Follower.checksum(logRecord))) {
        replaced();
      } else {
        trouble("");
        sender.open(held);
      }
      return;
    }
    Optional<Batch> decoded = follower.decode(logRecord);
    if (decoded.isEmpty()) {
      if (held != null && logRecord.offset() > held.offset()) {
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
    if (held == null) { // A7: the log's head was truncated; its batches tell the epoch
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
    if (phase == Phase.CATCHING_UP && held.view().containsKey(self) && held.isBeyondCuts()) {
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
    phase = Phase.READY;
    ready = true;
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
    know(opening.id());
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
      phase = wasReady ? Phase.READY : Phase.CATCHING_UP;
      sender.open(base);
    } else if (phase == Phase.READY && opening.source() != Event.SourceKind.MEMBER) {
      LOG.warn(
          "WRN-0204 epoch {} was opened without the data that this member holds: it opens the next",
          opening.id());
      appendEpoch(Event.SourceKind.MEMBER);
    } else if (opening.source() == Event.SourceKind.DATABASE && store != null) {
      loadBase(logRecord, opening.id());
    } else if (opening.source() == Event.SourceKind.MEMBER && !selfIsSource) {
      phase = Phase.LOCATING;
      ready = false;
      cancelSubscription();
      seek();
    } else {
      Replica base = Replica.empty(opening.id(), logRecord.offset(), false);
      install(base, checksum, RecoveryReport.Source.LOG, Map.of());
      sender.open(base);
    }
  }

  /** F2: no member held data; MongoDB's are the base, as position 0 of the new epoch. */
  private void loadBase(LogRecord logRecord, EpochId next) {
    SnapshotStore database = store;
    if (database == null) {
      throw new IllegalStateException("no store is configured");
    }
    phase = Phase.LOADING;
    cancelSubscription();
    int lastChecksum = checksum;
    whenDone(
        CompletableFuture.supplyAsync(() -> DatabaseImage.read(database), background),
        image -> {
          if (image.isPresent() && image.get().epoch().equals(next)) {
            followFrom(image.get());
            return;
          }
          Replica base =
              image
                  .map(i -> i.asBaseOf(next, logRecord.offset()))
                  .orElseGet(() -> Replica.empty(next, logRecord.offset(), false));
          install(
              base,
              lastChecksum,
              image.isPresent() ? RecoveryReport.Source.DATABASE : RecoveryReport.Source.LOG,
              image.map(DatabaseImage::counts).orElse(Map.of()));
          basePosition = base.position();
          follow(logRecord.offset() + 1);
          sender.open(base);
        },
        failure -> {
          databaseTrouble(failure);
          later(RETRY.multipliedBy(4), this::locate);
        });
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
    Replica held = replica;
    EpochId epoch = held == null ? EpochId.NONE : held.epoch();
    long position = held == null ? Positions.BEFORE_FIRST : held.position();
    boolean serves = phase == Phase.READY && sender.isOpen();
    transport
        .peers()
        .send(to, new PeerMessage.Here(epoch, serves, phase.isRecovering(), position).encode());
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
