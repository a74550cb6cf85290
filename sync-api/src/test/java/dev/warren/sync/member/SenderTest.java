// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SenderTest {
  private static final EpochId FIRST = new EpochId(1, Origin.random().id());
  private static final EpochId SECOND = new EpochId(2, Origin.random().id());

  private final Origin self = Origin.random();
  private final FakeLog log = new FakeLog();
  private final ManualApplier applier = new ManualApplier();
  private final Outbox outbox = new Outbox(OutboxLimits.DEFAULT, () -> {});
  private final Sender sender = new Sender(log, outbox, self, "node", applier);

  private static final class FakeLog implements SharedLog {
    final List<Batch> batches = new ArrayList<>();
    CompletableFuture<Void> last = new CompletableFuture<>();

    @Override
    public CompletionStage<Void> append(byte[] bytes) {
      try {
        batches.add(BatchCodec.decode(bytes));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      last = new CompletableFuture<>();
      return last;
    }

    @Override
    public CompletionStage<Optional<LogRecord>> head() {
      throw new UnsupportedOperationException();
    }

    @Override
    public LogSubscription subscribe(long fromOffset, LogHandler handler) {
      throw new UnsupportedOperationException();
    }
  }

  /** Runs tasks at once, and scheduled ones when it is told that time has passed. */
  private static final class ManualApplier implements Applier {
    final List<Runnable> scheduled = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
      scheduled.add(task);
    }

    void pass() {
      List<Runnable> due = List.copyOf(scheduled);
      scheduled.clear();
      due.forEach(Runnable::run);
    }

    @Override
    public long nowMillis() {
      return 0;
    }
  }

  /** An append fails with its connection, and the log that comes next is another one. */
  @Test
  void open_nextEpochWhileARepetitionIsDue_sends() {
    sender.open(Replica.empty(FIRST, 0, false));
    sender.ownJoinApplied();
    outbox.dropApplied(1);
    outbox.reserve(1);
    outbox.offer(
        new Event.Put("c", Bytes.wrap(new byte[] {1}), new byte[] {2}, Event.NEVER, Event.ANY),
        OwnEvent.UNATTENDED);
    sender.pump();
    log.last.completeExceptionally(
        new TransportException(Reason.CONNECTION_LOST, "the broker is gone", null));
    sender.pause();
    applier.pass();
    log.batches.clear();

    sender.enteredEpoch();
    outbox.enterEpoch(1);
    sender.open(Replica.empty(SECOND, 0, false));
    sender.ownJoinApplied();

    assertThat(log.batches).extracting(Batch::epoch).containsExactly(SECOND, SECOND);
    assertThat(log.batches).extracting(Batch::firstSequence).containsExactly(1L, 2L);
    assertThat(log.batches.get(1).events().get(0)).isInstanceOf(Event.Put.class);
  }
}
