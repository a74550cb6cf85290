// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.SnapshotStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one member share: where it stands, and how they wait for others without keeping
 * the applier thread, to which all of them belong.
 *
 * <p>{@code turn} counts connections, recoveries and subscriptions. What was begun in one turn and
 * ends in another is dropped: its question is no longer asked.
 */
final class MemberCore {

  /** Pause before something that failed is tried again. */
  static final Duration RETRY = Duration.ofMillis(500);

  /** What has not moved for so long is given up. */
  static final Duration STALL = Duration.ofSeconds(5);

  final Origin self;
  final MemberSettings settings;
  final ClusterTransport transport;
  final @Nullable SnapshotStore store;
  final Applier applier;
  final MemberListener listener;
  final Outbox outbox;
  final Sender sender;

  final Memory memory;
  final LogReader reader;
  final Locator locator;
  final Epochs epochs;
  final Recovery recovery;
  final Acknowledgements acknowledgements;
  final PositionReports reports;
  final Meter meter = new Meter();
  final Announcements announcements = new Announcements(this);
  final LossFinder lossFinder = new LossFinder(this);

  /** Written by the applier thread. */
  volatile Phase phase = Phase.LOCATING;

  /** Written by the applier thread. */
  volatile boolean connected;

  int turn;

  /** Counts connections and their ends. */
  int connection;

  private final Executor background;
  private long highestCounter;
  private volatile String trouble = "";
  private volatile boolean ready;
  private volatile boolean wakePending;

  MemberCore(
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
    this.memory = new Memory(this);
    this.reader = new LogReader(this);
    this.locator = new Locator(this);
    this.epochs = new Epochs(this);
    this.recovery = new Recovery(this);
    this.acknowledgements = new Acknowledgements(this);
    this.reports = new PositionReports(this);
  }

  /** The outbox has something to send; any thread. */
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

  /** Runs {@code task} after {@code delay} unless the turn has ended by then. */
  void later(Duration delay, Runnable task) {
    int then = turn;
    applier.schedule(
        delay,
        () -> {
          if (isTurn(then)) {
            task.run();
          }
        });
  }

  /** Hands on how {@code stage} ended, unless the turn has ended by then. */
  <T> void whenDone(CompletionStage<T> stage, Consumer<T> success, Consumer<Throwable> failure) {
    int then = turn;
    stage.whenComplete(
        (result, error) ->
            applier.execute(
                () -> {
                  if (!isTurn(then)) {
                    return;
                  }
                  if (error != null) {
                    failure.accept(error);
                  } else {
                    success.accept(result);
                  }
                }));
  }

  /**
   * Asks the database off the applier; without an answer says so, and tries {@code again} a little
   * later.
   */
  <T> void askDatabase(Supplier<T> question, Consumer<T> answer, Runnable again) {
    whenDone(
        CompletableFuture.supplyAsync(question, background),
        answer,
        failure -> {
          Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
          trouble(String.valueOf(cause.getMessage()));
          later(RETRY.multipliedBy(4), again);
        });
  }

  /** Runs {@code task} off the applier. */
  void inBackground(Runnable task) {
    background.execute(task);
  }

  /** True while the turn {@code then} lasts. */
  boolean isTurn(int then) {
    return then == turn && phase != Phase.CLOSED;
  }

  /** Epochs are opened above every counter that was ever seen. */
  void know(EpochId epoch) {
    highestCounter = Math.max(highestCounter, epoch.counter());
  }

  long highestCounter() {
    return highestCounter;
  }

  /** Says what is wrong now; empty when nothing is any more. */
  void trouble(String reason) {
    if (!reason.equals(trouble)) {
      trouble = reason;
      listener.degraded(reason);
    }
  }

  /** Any thread. */
  String trouble() {
    return trouble;
  }

  void setReady(boolean isReady) {
    ready = isReady;
  }

  /** Any thread. */
  boolean isReady() {
    return ready;
  }
}
