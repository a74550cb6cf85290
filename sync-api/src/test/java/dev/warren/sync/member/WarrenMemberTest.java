// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.TransportException;
import dev.warren.sync.memory.MemoryBroker;
import dev.warren.sync.memory.MemoryTransportProvider;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of one cluster over the log in memory, on real threads. */
class WarrenMemberTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "t" + UUID.randomUUID();
  private final MemoryBroker broker = MemoryBroker.named("/" + cluster);
  private final List<Node> nodes = new ArrayList<>();

  /** A member with what it takes to run, and what its listener heard. */
  private final class Node implements MemberListener {
    final ThreadApplier applier = new ThreadApplier("test-applier");
    final ExecutorService background =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "test-background");
              thread.setDaemon(true);
              return thread;
            });
    final WarrenMember member;
    volatile @Nullable RecoveryReport report;

    Node() {
      this(Duration.ofMillis(100));
    }

    Node(Duration seekTimeout) {
      MemberSettings settings =
          new MemberSettings(
              "n" + nodes.size(),
              Duration.ofMillis(200),
              seekTimeout,
              Duration.ofMillis(100),
              Duration.ofSeconds(1),
              Duration.ofMillis(50),
              MemberSettings.UNLIMITED);
      member =
          new WarrenMember(
              settings,
              OutboxLimits.DEFAULT,
              new MemoryTransportProvider().create("memory:", cluster, Map.of()),
              null,
              applier,
              background,
              this);
      nodes.add(this);
      member.start();
    }

    Node awaitReady() {
      await().atMost(PATIENCE).until(member::isReady);
      return this;
    }

    void put(String key, String value) {
      member.outbox().reserve(1);
      member.outbox().offer(WarrenMemberTest.put(key, value), OwnEvent.UNATTENDED);
    }

    void awaitApplied() {
      assertThat(member.barrier().orTimeout(20, TimeUnit.SECONDS).join())
          .isEqualTo(OwnEvent.Fate.EFFECTIVE);
    }

    Map<String, String> state() {
      CompletableFuture<Map<String, String>> result = new CompletableFuture<>();
      applier.execute(
          () -> {
            Map<String, String> found = new TreeMap<>();
            Replica replica = member.replica();
            CacheState cache = replica == null ? null : replica.cacheState("c");
            if (cache != null) {
              for (Map.Entry<Bytes, LogEntry> e : cache.entries().entrySet()) {
                found.put(text(e.getKey().array()), text(e.getValue().value()));
              }
            }
            result.complete(found);
          });
      return result.join();
    }

    @Override
    public void applied(Applied applied) {}

    @Override
    public void installed(Replica replica) {}

    @Override
    public void ready(RecoveryReport recovery) {
      report = recovery;
    }

    @Override
    public void degraded(String reason) {}
  }

  @Test
  void barrier_passed_positionIsBehindWhatWasWritten() {
    Node node = new Node().awaitReady();
    for (int i = 0; i < 20; i++) {
      long before = node.member.standing().position();
      node.put("k", "v" + i);
      long passed =
          node.member.barrier().thenApply(fate -> node.member.standing().position()).join();
      assertThat(passed).isGreaterThan(before);
    }
  }

  private static Bytes key(String text) {
    return Bytes.wrap(utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @AfterEach
  void closeAll() {
    for (Node node : nodes) {
      node.member.close(Duration.ofMillis(200));
      node.applier.close();
      node.background.shutdownNow();
    }
  }

  private static RecoveryReport report(Node node) {
    RecoveryReport report = node.report;
    assertThat(report).isNotNull();
    return java.util.Objects.requireNonNull(report);
  }

  @Test
  void put_twoMembers_seenByTheOther() {
    Node one = new Node().awaitReady();
    Node two = new Node().awaitReady();
    one.put("k", "v1");
    two.put("l", "v2");
    one.awaitApplied();
    two.awaitApplied();
    await().atMost(PATIENCE).until(() -> one.state().equals(Map.of("k", "v1", "l", "v2")));
    await().atMost(PATIENCE).until(() -> two.state().equals(Map.of("k", "v1", "l", "v2")));
  }

  @Test
  void join_readyMember_memoryComesFromIt() {
    Node one = new Node().awaitReady();
    for (int i = 0; i < 5000; i++) {
      one.put("k" + i, "v" + i);
    }
    one.awaitApplied();
    Node two = new Node(Duration.ofSeconds(20)).awaitReady(); // the first answer is taken at once
    assertThat(report(two).source()).isEqualTo(RecoveryReport.Source.MEMBER);
    assertThat(report(two).fromSource()).containsEntry("c", 5000L);
    assertThat(two.state()).isEqualTo(one.state()).hasSize(5000);
  }

  @Test
  void join_nobodyThere_memoryComesFromTheLog() {
    Node one = new Node().awaitReady();
    one.put("k", "v");
    one.awaitApplied();
    one.member.close(PATIENCE);
    Node two = new Node().awaitReady();
    assertThat(report(two).source()).isEqualTo(RecoveryReport.Source.LOG);
    assertThat(report(two).fromLog()).containsEntry("c", 1L);
    assertThat(two.state()).containsExactlyEntriesOf(Map.of("k", "v"));
  }

  @Test
  void join_logBeginsWithTheEpochThatCameSecond_followsTheFirst() throws Exception {
    EpochId first = new EpochId(1, UUID.randomUUID());
    EpochId second = new EpochId(1, UUID.randomUUID());
    Origin gone = Origin.random();
    appendAlone(
        new Batch(second, Origin.random(), 1, false, List.of(opening(second))),
        new Batch(first, gone, 7, false, List.of(put("a", "1"))));

    Node node = new Node().awaitReady();

    assertThat(node.state()).containsExactly(Map.entry("a", "1"));
    assertThat(node.member.standing().epoch()).isEqualTo(first);
    node.put("b", "2");
    node.awaitApplied();
    assertThat(node.state()).containsOnlyKeys("a", "b");
  }

  private static Event.Epoch opening(EpochId id) {
    return new Event.Epoch(id, Event.SourceKind.NOTHING, null);
  }

  private static Event.Put put(String key, String value) {
    return new Event.Put("c", key(key), utf8(value), Event.NEVER, Event.ANY);
  }

  /** What is left of a log whose members are gone. */
  private void appendAlone(Batch... batches) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (ClusterTransport transport =
        new MemoryTransportProvider().create("memory:", cluster, Map.of())) {
      transport.start(
          new ConnectionListener() {
            @Override
            public void connected() {
              connected.countDown();
            }

            @Override
            public void disconnected(TransportException cause) {}
          });
      assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
      for (Batch batch : batches) {
        transport.log().append(BatchCodec.encode(batch)).toCompletableFuture().join();
      }
    }
  }

  @Test
  void start_threeAtOnce_allReadyAndEqual() {
    Node one = new Node();
    Node two = new Node();
    Node three = new Node();
    nodes.forEach(Node::awaitReady);
    for (int i = 0; i < 300; i++) {
      nodes.get(i % 3).put("k" + i % 50, "v" + i);
    }
    nodes.forEach(Node::awaitApplied);
    await().atMost(PATIENCE).until(() -> one.state().equals(two.state()));
    await().atMost(PATIENCE).until(() -> one.state().equals(three.state()));
    assertThat(one.state()).hasSize(50);
  }

  @Test
  void append_returnsAndCuts_nothingLostNothingTwice() {
    Node one = new Node().awaitReady();
    Node two = new Node().awaitReady();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 100; i++) {
        one.put("a" + i, round + "");
        two.put("b" + i, round + "");
      }
      if (round % 3 == 0) {
        broker.returnAppends(2);
      } else if (round % 3 == 1) {
        broker.cutConnections();
      }
      one.awaitApplied();
    }
    two.awaitApplied();
    await().atMost(PATIENCE).until(() -> one.state().equals(two.state()));
    assertThat(one.state()).hasSize(200).allSatisfy((k, v) -> assertThat(v).isEqualTo("19"));
  }

  @Test
  void logDeleted_readyMembers_nextEpochHoldsEverything() {
    Node one = new Node().awaitReady();
    Node two = new Node().awaitReady();
    for (int i = 0; i < 500; i++) {
      one.put("k" + i, "v");
    }
    one.awaitApplied();
    await().atMost(PATIENCE).until(() -> two.state().size() == 500);
    broker.deleteLog();
    one.put("after", "1");
    two.put("later", "2");
    one.awaitApplied();
    two.awaitApplied();
    await().atMost(PATIENCE).until(() -> one.state().size() == 502);
    await().atMost(PATIENCE).until(() -> two.state().equals(one.state()));
  }

  @Test
  void brokerDown_writesWait_appliedWhenItIsBack() {
    Node one = new Node().awaitReady();
    Node two = new Node().awaitReady();
    broker.setUp(false);
    await().atMost(PATIENCE).until(() -> !one.member.trouble().isEmpty());
    one.put("k", "v");
    broker.setUp(true);
    one.awaitApplied();
    await().atMost(PATIENCE).until(() -> two.state().equals(Map.of("k", "v")));
    assertThat(one.member.trouble()).isEmpty();
  }
}
