// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.TransportException;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a cluster: follows the log, sends its outbox, gets its memory and serves it to
 * others.
 *
 * <p>Its parts: {@link Locator} finds out whether the log is the one that the memory was made of,
 * {@link Epochs} opens and enters epochs, {@link Recovery} gets a {@link Memory}, {@link LogReader}
 * applies the log to it, {@link Sender} appends the {@link Outbox}, {@link PeerDesk} answers other
 * members. They share {@link MemberCore}; all of it is confined to the applier thread, and public
 * methods say where they may be called.
 */
public final class WarrenMember {

  private static final Logger LOG = LoggerFactory.getLogger(WarrenMember.class);

  private final MemberCore core;
  private final PeerDesk peers;
  private final Membership membership;

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
    this.core =
        new MemberCore(self, settings, limits, transport, store, applier, background, listener);
    this.peers = new PeerDesk(core, background);
    this.membership = new Membership(core, settings);
  }

  /** Starts connecting; returns at once. */
  public void start() {
    core.applier.execute(core.memory::restartClock);
    core.transport
        .peers()
        .register(
            core.self,
            (from, bytes) ->
                PeerDesk.decode(from, bytes)
                    .ifPresent(
                        message -> core.applier.execute(() -> peers.receive(from, message))));
    core.transport.start(
        new ConnectionListener() {
          @Override
          public void connected() {
            core.applier.execute(WarrenMember.this::onConnected);
          }

          @Override
          public void disconnected(TransportException cause) {
            core.applier.execute(() -> onDisconnected(cause));
          }
        });
    core.applier.schedule(core.settings.heartbeat(), this::tick);
  }

  public Origin origin() {
    return core.self;
  }

  /** Where own events are handed in; thread-safe. */
  public Outbox outbox() {
    return core.outbox;
  }

  /** True when this member holds the whole log state; any thread. */
  public boolean isReady() {
    return core.isReady();
  }

  /**
   * True from the moment at which this member has found the log that its memory belongs to, on a
   * connection, and reads it, to the end of that connection; any thread.
   */
  public boolean isFollowing() {
    return core.sender.isFollowing();
  }

  /** What it has applied, and who is there as of that; any thread. */
  public Standing standing() {
    return core.memory.standing();
  }

  /** What is wrong now, empty if nothing; any thread. */
  public String trouble() {
    return core.trouble();
  }

  /** What this member waits for, in words; empty when it is ready. Any thread. */
  public String recovery() {
    return switch (core.phase) {
      case LOCATING ->
          (core.connected ? "looking for the log at " : "connecting to ")
              + core.transport.describe();
      case EMPTY_LOG -> "the log is empty: an epoch is about to begin";
      case SEEKING -> "asking the other members who has the memory";
      case FETCHING -> "receiving the memory from another member";
      case LOADING -> "reading the memory from the database";
      case CATCHING_UP -> "applying the log";
      case READY -> "";
      case CLOSED -> "closed";
    };
  }

  /** Snapshots that are being sent to joiners; applier thread only. */
  public int transfers() {
    return peers.transfers();
  }

  /** How many records of the log were no batches; any thread. */
  public long refused() {
    return core.reader.refused();
  }

  /** What it has counted and measured; any thread. */
  public MemberFigures figures() {
    return core.meter.figures(
        standing(), core.outbox, core.reader.refused(), core.applier.nowMillis());
  }

  /**
   * Completes on the applier when all own events offered before are applied here, behind the batch
   * of the last one: {@link #standing} tells of it by then. Any thread.
   */
  public CompletableFuture<OwnEvent.Fate> barrier() {
    CompletableFuture<OwnEvent.Fate> done = new CompletableFuture<>();
    core.outbox.offerControl(
        new Event.Noop(), fate -> core.applier.execute(() -> done.complete(fate)));
    return done;
  }

  /**
   * Completes when the own writes up to {@code ticket} (see {@link Outbox#awaitWritesOf}) are
   * applied here, or by every member of the view; fails if that can no longer be known. Whoever
   * stops waiting cancels it. Any thread.
   */
  public CompletableFuture<Void> acknowledged(long ticket, boolean byAll) {
    return core.acknowledgements.await(ticket, byAll);
  }

  /** Names of members whose applying was waited for when that was last looked at; any thread. */
  public List<String> behind() {
    return core.acknowledgements.behind();
  }

  /**
   * Tells the others that this member has {@code cache} open in {@code mode} (F3), now or as soon
   * as it can; what is offered of the cache afterwards is sent when no other mode stands. Applier
   * thread only.
   *
   * @param mode a word; equal ones go together
   */
  public Announcement open(String cache, String mode, Announcement.Listener listener) {
    return core.announcements.open(cache, mode, listener);
  }

  /** Ends what {@link #open} began; applier thread only. */
  public void close(Announcement announced) {
    core.announcements.close(announced);
  }

  /** The replica; applier thread only. Null before the first recovery. */
  public @Nullable Replica replica() {
    return core.memory.replica();
  }

  /**
   * The database holds epoch {@code foreign}, which is not the log's and not before it: a ready
   * member opens one above it (A6). Applier thread only.
   */
  public void surpass(EpochId foreign) {
    core.epochs.surpass(foreign);
  }

  private void onConnected() {
    core.connected = true;
    core.connection++;
    membership.restart();
    if (core.phase != Phase.READY && core.memory.complete() != null) {
      core.memory.restartClock(); // others need their time again to be heard
    }
    core.locator.locate();
  }

  private void onDisconnected(TransportException cause) {
    core.connected = false;
    core.meter.disconnected(core.applier.nowMillis());
    core.connection++;
    core.turn++;
    core.reader.cancel();
    core.sender.disconnected();
    core.recovery.reset();
    if (core.phase != Phase.READY && core.phase != Phase.CLOSED) {
      core.phase = Phase.LOCATING;
    }
    core.trouble(String.valueOf(cause.getMessage()));
  }

  private void tick() {
    if (core.phase == Phase.CLOSED) {
      return;
    }
    long now = core.applier.nowMillis();
    core.sender.tick(now);
    peers.tick(now);
    core.acknowledgements.tick();
    renewIfSilent();
    Replica held = core.memory.replica();
    if (core.connected && core.sender.isOpen() && held != null && held.sequence(core.self) > 0) {
      membership.tick(held, core.phase == Phase.READY, now);
      core.epochs.endQuiet(held);
    }
    core.applier.schedule(core.settings.heartbeat(), this::tick);
  }

  /**
   * Own events come back from the log, heartbeats at least one a second. When nothing at all does
   * for twice the time after which a member is suspected, the subscription is dead although the
   * connection stands: a broker that lost its part of a cluster may leave one so.
   */
  private void renewIfSilent() {
    long enough =
        2 * core.settings.memberTimeout().toMillis() / core.settings.heartbeat().toMillis();
    boolean awaits = core.connected && core.sender.isOpen() && core.outbox.firstSealed() != 0;
    if (awaits
        && core.reader.silentTicks() > enough
        && core.transport.renew("nothing came from the log any more")) {
      LOG.warn(
          "WRN-0217 nothing has come from the log for {} heartbeats, though own events are under"
              + " way: connecting anew",
          enough);
    }
  }

  /**
   * Takes no more writes, waits until what was taken is applied, at most {@code timeout}, says
   * {@code Leave} if it is connected, and disconnects. With a timeout of zero it goes as if it were
   * killed. Not on the applier thread.
   *
   * @return true if no own write was left in the outbox
   */
  public boolean close(Duration timeout) {
    core.outbox.close();
    boolean flushed = core.outbox.awaitWritten(timeout);
    if (flushed && !timeout.isZero()) {
      CompletableFuture<OwnEvent.Fate> left = new CompletableFuture<>();
      core.applier.execute(() -> leave(left));
      await(left, Duration.ofSeconds(2));
    }
    core.applier.execute(
        () -> {
          core.phase = Phase.CLOSED;
          core.setReady(false);
          core.turn++;
          core.acknowledgements.close();
        });
    core.transport.close();
    return flushed;
  }

  /** Tells the others, if they can hear it. */
  private void leave(CompletableFuture<OwnEvent.Fate> done) {
    if (core.sender.isOpen()) {
      core.outbox.offerControl(new Event.Leave(), done::complete);
    } else {
      done.complete(OwnEvent.Fate.GIVEN_UP);
    }
  }

  /** Where it stands, for people; exact on the applier thread only. */
  @Override
  public String toString() {
    Replica held = core.memory.replica();
    return "%s %s%s%s of %s: epoch %s, offset %d, sequence %d; outbox %d%s"
        .formatted(
            core.settings.name(),
            core.phase,
            core.reader,
            core.sender.isOpen() ? " sending" : "",
            core.transport.describe(),
            held == null ? "none" : held.epoch(),
            held == null ? -1 : held.offset(),
            held == null ? 0 : held.sequence(core.self),
            core.outbox.depth(),
            core.trouble().isEmpty() ? "" : "; " + core.trouble());
  }

  private static void await(CompletableFuture<OwnEvent.Fate> future, Duration timeout) {
    try {
      future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // closing goes on without
    }
  }
}
