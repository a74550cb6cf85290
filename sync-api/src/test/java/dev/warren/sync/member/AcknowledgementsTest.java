// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.memory.MemoryBroker;
import dev.warren.sync.memory.MemoryTransportProvider;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for own writes, on members whose appliers are held back by latches. */
final class AcknowledgementsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "a" + UUID.randomUUID();
  private final MemoryBroker broker = MemoryBroker.named("/" + cluster);
  private final List<Node> nodes = new ArrayList<>();

  /** A member whose applier can be stopped. */
  private final class Node implements MemberListener {
    final ThreadApplier applier = new ThreadApplier("test-applier");
    final ExecutorService background = Executors.newCachedThreadPool(AcknowledgementsTest::daemon);
    final WarrenMember member;
    final LongSupplier ticket;
    volatile String lastValue = "";
    private CountDownLatch gate = new CountDownLatch(0);

    Node(Duration memberTimeout) {
      Duration brief = Duration.ofMillis(100);
      member =
          new WarrenMember(
              new MemberSettings(
                  "n" + nodes.size(),
                  brief,
                  brief,
                  brief,
                  memberTimeout,
                  Duration.ofMillis(50),
                  MemberSettings.UNLIMITED),
              OutboxLimits.DEFAULT,
              new MemoryTransportProvider().create("memory:", cluster, Map.of()),
              null,
              applier,
              background,
              this);
      ticket = member.outbox().awaitWritesOf("c");
      nodes.add(this);
      member.start();
      await().atMost(PATIENCE).until(member::isReady);
    }

    /** Its applier does nothing any more until {@link #goOn}. */
    void hold() {
      CountDownLatch closed = new CountDownLatch(1);
      CountDownLatch stopped = new CountDownLatch(1);
      gate = closed;
      applier.execute(
          () -> {
            stopped.countDown();
            pass(closed);
          });
      pass(stopped);
    }

    void goOn() {
      gate.countDown();
    }

    void put(String key, String value) {
      member.outbox().reserve(1);
      member
          .outbox()
          .offer(
              new Event.Put("c", Bytes.wrap(utf8(key)), utf8(value), Event.NEVER, Event.ANY),
              OwnEvent.UNATTENDED);
    }

    CompletableFuture<Void> acknowledged(boolean byAll) {
      return member.acknowledged(ticket.getAsLong(), byAll);
    }

    @Override
    public void applied(Applied applied) {
      if (applied.event() instanceof Event.Put put) {
        lastValue = new String(put.value(), StandardCharsets.UTF_8);
      }
    }

    @Override
    public void installed(Replica replica) {}

    @Override
    public void ready(RecoveryReport recovery) {}

    @Override
    public void degraded(String reason) {}
  }

  private Node node() {
    return new Node(Duration.ofMinutes(1));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "test-background");
    thread.setDaemon(true);
    return thread;
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void join(CompletableFuture<Void> wait) {
    assertThat(wait).succeedsWithin(PATIENCE);
  }

  /** Waits until each of these has two ready members in its view. */
  private static void awaitTwoReady(Node... of) {
    for (Node node : of) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  node.member.standing().view().values().stream().filter(m -> m.ready()).count()
                      == 2);
    }
  }

  @AfterEach
  void closeAll() {
    for (Node node : nodes) {
      node.goOn();
      node.member.close(Duration.ofMillis(200));
      node.applier.close();
      node.background.shutdownNow();
    }
  }

  @Test
  void acknowledgedHere_applierHeldBack_endsOnlyWhenTheWriteIsApplied() {
    Node one = node();
    one.hold();
    one.put("k", "v");
    CompletableFuture<Void> wait = one.acknowledged(false);
    assertThat(wait).isNotDone();
    one.goOn();
    join(wait);
    assertThat(one.acknowledged(false)).as("again, for the same write").isDone();
  }

  @Test
  void acknowledgedHere_logAway_endsOnlyWhenItIsBack() {
    Node one = node();
    broker.setUp(false);
    await().atMost(PATIENCE).until(() -> !one.member.trouble().isEmpty());
    one.put("k", "v");
    CompletableFuture<Void> wait = one.acknowledged(false);
    await().during(Duration.ofMillis(300)).until(() -> !wait.isDone());
    broker.setUp(true);
    join(wait);
  }

  @Test
  void acknowledgedHere_twoWritesOfAKey_bothAreInTheLog() {
    Node one = node();
    one.hold();
    one.put("k", "1");
    CompletableFuture<Void> first = one.acknowledged(false);
    one.put("k", "2");
    CompletableFuture<Void> second = one.acknowledged(false);
    assertThat(one.member.outbox().unwritten())
        .as("the end of the first says nothing of the second")
        .isEqualTo(2);
    one.goOn();
    join(first);
    join(second);
  }

  @Test
  void acknowledgedByAll_memberHeldBack_endsOnlyWhenItHasApplied() {
    Node one = node();
    Node two = node();
    awaitTwoReady(one, two);
    one.put("a", "v");
    join(one.acknowledged(true)); // the other one knows that somebody waits
    two.hold();
    one.put("k", "w");
    CompletableFuture<Void> here = one.acknowledged(false);
    CompletableFuture<Void> everywhere = one.acknowledged(true);
    join(here);
    await().during(Duration.ofMillis(500)).until(() -> !everywhere.isDone());
    assertThat(one.member.behind()).singleElement().asString().startsWith("n1 (");
    two.goOn();
    join(everywhere);
    assertThat(two.lastValue).isEqualTo("w");
    assertThat(one.acknowledged(true)).as("again, for the same write").isDone();
  }

  @Test
  void acknowledgedByAll_manyWrites_theOthersHaveThemAtOnce() {
    Node one = node();
    Node two = node();
    awaitTwoReady(one, two);
    for (int i = 0; i < 300; i++) {
      one.put("k" + i % 7, "v" + i);
      join(one.acknowledged(true));
      assertThat(two.lastValue).isEqualTo("v" + i);
    }
  }

  @Test
  void acknowledgedByAll_memberIsSuspectedMeanwhile_isNotWaitedFor() {
    Node one = new Node(Duration.ofMillis(600));
    Node two = new Node(Duration.ofMillis(600));
    awaitTwoReady(one, two);
    two.hold();
    one.put("k", "v");
    join(one.acknowledged(true));
    assertThat(one.member.standing().view()).hasSize(1);
  }

  @Test
  void acknowledgedByAll_memberLeavesMeanwhile_isNotWaitedFor() {
    Node one = node();
    Node two = node();
    awaitTwoReady(one, two);
    two.hold();
    one.put("k", "v");
    CompletableFuture<Void> everywhere = one.acknowledged(true);
    assertThat(everywhere).isNotDone();
    two.member.outbox().offerControl(new Event.Leave(), OwnEvent.UNATTENDED);
    two.goOn();
    join(everywhere);
  }

  @Test
  void acknowledgedByAll_alone_endsWhenItIsAppliedHere() {
    Node one = node();
    one.put("k", "v");
    join(one.acknowledged(true));
  }

  @Test
  void acknowledged_nothingWritten_isDone() {
    Node one = node();
    assertThat(one.acknowledged(false)).isDone();
    assertThat(one.acknowledged(true)).isDone();
  }

  @Test
  void acknowledged_logReplacedMeanwhile_fails() {
    Node one = node();
    Node two = node();
    awaitTwoReady(one, two);
    two.hold();
    one.put("k", "v");
    CompletableFuture<Void> everywhere = one.acknowledged(true);
    join(one.acknowledged(false));
    broker.deleteLog();
    two.goOn();
    await().atMost(PATIENCE).until(everywhere::isDone);
    // The other one either came to it before it read that the log was gone, or nobody can know.
    if (everywhere.isCompletedExceptionally()) {
      assertThatThrownBy(everywhere::join).hasMessageContaining("the log was replaced");
    }
  }

  @Test
  void acknowledged_closedMeanwhile_fails() {
    Node one = node();
    broker.setUp(false);
    await().atMost(PATIENCE).until(() -> !one.member.trouble().isEmpty());
    one.put("k", "v");
    CompletableFuture<Void> wait = one.acknowledged(false);
    one.member.close(Duration.ZERO);
    assertThat(wait).failsWithin(PATIENCE);
    assertThatThrownBy(wait::join).hasMessageContaining("the member was closed meanwhile");
  }
}
