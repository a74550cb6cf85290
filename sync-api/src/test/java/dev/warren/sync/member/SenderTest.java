// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The sender alone: what it appends after appends that failed (A2), and in a new epoch (A3). */
class SenderTest {

  private static final EpochId FIRST = new EpochId(1, new UUID(1, 1));
  private static final EpochId SECOND = new EpochId(2, new UUID(2, 2));

  private final Origin self = Origin.random();
  private final List<Batch> appended = new ArrayList<>();
  private final List<Runnable> scheduled = new ArrayList<>();
  private final Outbox outbox = new Outbox(OutboxLimits.DEFAULT, () -> {});
  private boolean failing;

  private final SharedLog log =
      new SharedLog() {
        @Override
        public CompletionStage<Void> append(byte[] bytes) {
          if (failing) {
            return CompletableFuture.failedFuture(
                new TransportException(TransportException.Reason.CONNECTION_LOST, "cut", null));
          }
          try {
            appended.add(BatchCodec.decode(bytes));
          } catch (dev.warren.sync.wire.CorruptBatchException
              | dev.warren.sync.wire.UnknownVersionException e) {
            throw new AssertionError(e);
          }
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Optional<LogRecord>> head() {
          return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public LogSubscription subscribe(long fromOffset, LogHandler handler) {
          throw new AssertionError("a sender does not read");
        }
      };

  /** Runs tasks at once; what is scheduled waits for the test. */
  private final Applier applier =
      new Applier() {
        @Override
        public void execute(Runnable task) {
          task.run();
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
          scheduled.add(task);
        }

        @Override
        public long nowMillis() {
          return 0;
        }
      };

  private final Sender sender = new Sender(log, outbox, self, "n", applier);

  private void joined(EpochId epoch) {
    sender.open(Replica.empty(epoch, 0, false));
    assertThat(appended.get(appended.size() - 1).events()).containsExactly(new Event.Join("n"));
    outbox.dropApplied(1);
    sender.ownJoinApplied();
  }

  private void put(String key) {
    outbox.reserve(1);
    outbox.offer(
        new Event.Put(
            "c",
            dev.warren.sync.Bytes.wrap(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            new byte[] {1},
            Event.NEVER,
            Event.ANY),
        OwnEvent.UNATTENDED);
  }

  private void runScheduled() {
    List<Runnable> due = List.copyOf(scheduled);
    scheduled.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void open_nextEpochWhileARepetitionIsDue_sends() {
    joined(FIRST);
    put("k");
    failing = true;
    sender.pump(); // the connection is gone, but nobody has said so yet
    sender.pause(); // now it is said
    runScheduled(); // the repetition is due while nothing may be sent
    failing = false;
    appended.clear();
    sender.enteredEpoch();
    outbox.enterEpoch(0);
    joined(SECOND);
    assertThat(appended)
        .extracting(Batch::epoch, Batch::firstSequence)
        .containsExactly(tuple(SECOND, 1L), tuple(SECOND, 2L));
  }

  @Test
  void append_fails_allThatIsSealedIsRepeatedInOrder() {
    joined(FIRST);
    failing = true;
    put("k");
    sender.pump();
    failing = false;
    appended.clear();
    put("l");
    sender.pump();
    assertThat(appended).as("nothing new before the repetition").isEmpty();
    runScheduled();
    assertThat(appended)
        .extracting(Batch::firstSequence, Batch::repeated)
        .containsExactly(tuple(2L, true), tuple(3L, false));
  }

  @Test
  void open_sameEpochOnANewConnection_repeatsWhatIsSealed() {
    joined(FIRST);
    put("k");
    sender.pump();
    sender.pause();
    appended.clear();
    Replica replica = Replica.empty(FIRST, 0, false);
    replica.apply(1, new Batch(FIRST, self, 1, false, List.of(new Event.Join("n"))), a -> {});
    sender.open(replica);
    assertThat(appended)
        .extracting(Batch::firstSequence, Batch::repeated)
        .containsExactly(tuple(2L, true));
  }
}
