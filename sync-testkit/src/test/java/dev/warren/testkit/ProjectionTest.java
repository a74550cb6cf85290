// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.member.MemberListener;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.sync.member.ThreadApplier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.memory.MemoryBroker;
import dev.warren.sync.memory.MemoryTransportProvider;
import dev.warren.sync.projector.LogProjector;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Members with a projector each: what the database holds is what a later member gets (G, E5, F2).
 */
class ProjectionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "p" + UUID.randomUUID();
  private final MemoryBroker broker = MemoryBroker.named("/" + cluster);
  private final SnapshotStore store = new MemorySnapshotStore();
  private final List<Node> nodes = new ArrayList<>();

  private final class Node implements MemberListener {
    final ThreadApplier applier = new ThreadApplier("test-applier");
    final ExecutorService background = Executors.newCachedThreadPool(Node::daemon);
    final WarrenMember member;
    final LogProjector projector;
    volatile @Nullable RecoveryReport report;

    static Thread daemon(Runnable task) {
      Thread thread = new Thread(task, "test-background");
      thread.setDaemon(true);
      return thread;
    }

    Node() {
      Duration brief = Duration.ofMillis(100);
      MemberSettings settings =
          new MemberSettings(
              "n" + nodes.size(),
              brief,
              brief,
              brief,
              Duration.ofSeconds(1),
              Duration.ofMillis(20),
              MemberSettings.UNLIMITED);
      member =
          new WarrenMember(
              settings,
              OutboxLimits.DEFAULT,
              new MemoryTransportProvider().create("memory:", cluster, Map.of()),
              store,
              applier,
              background,
              this);
      projector =
          new LogProjector(
              store, member, applier, background, settings.projectionInterval(), cache -> true);
      nodes.add(this);
      projector.start();
      member.start();
      await().atMost(PATIENCE).until(member::isReady);
    }

    void offer(Event event) {
      member.outbox().reserve(1);
      member.outbox().offer(event, OwnEvent.UNATTENDED);
    }

    void put(int key, String value) {
      offer(
          new Event.Put(
              "c", key(key), value.getBytes(StandardCharsets.UTF_8), Event.NEVER, Event.ANY));
    }

    void remove(int key) {
      offer(new Event.Remove("c", key(key), Event.ANY));
    }

    /** Waits until own writes are applied and the checkpoint has passed them. */
    void awaitPersisted() {
      member.barrier().orTimeout(20, TimeUnit.SECONDS).join();
      long position = onApplier(Replica::position);
      await()
          .atMost(PATIENCE)
          .until(() -> store.readCheckpoint().filter(c -> c.position() >= position).isPresent());
    }

    <T> T onApplier(java.util.function.Function<Replica, T> question) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      applier.execute(
          () -> {
            Replica replica = member.replica();
            if (replica == null) {
              answer.completeExceptionally(new IllegalStateException("no replica"));
            } else {
              answer.complete(question.apply(replica));
            }
          });
      return answer.join();
    }

    Map<String, String> state() {
      return onApplier(
          replica -> {
            Map<String, String> found = new TreeMap<>();
            CacheState cache = replica.cacheState("c");
            if (cache != null) {
              cache
                  .entries()
                  .forEach(
                      (key, entry) ->
                          found.put(
                              new String(key.array(), StandardCharsets.UTF_8),
                              new String(entry.value(), StandardCharsets.UTF_8)));
            }
            return found;
          });
    }

    RecoveryReport recovery() {
      return java.util.Objects.requireNonNull(report);
    }

    /** As a crash: nothing is flushed, nobody is told. */
    void kill() {
      projector.close();
      member.close(Duration.ZERO);
      applier.close();
      background.shutdownNow();
      nodes.remove(this);
    }

    @Override
    public void applied(Applied applied) {
      projector.applied(applied);
    }

    @Override
    public void installed(Replica replica) {
      projector.installed(replica);
    }

    @Override
    public void ready(RecoveryReport recovery) {
      report = recovery;
    }

    @Override
    public void degraded(String reason) {}
  }

  private static Bytes key(int key) {
    return Bytes.wrap(("k" + key).getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void closeAll() {
    List.copyOf(nodes).forEach(Node::kill);
  }

  @Test
  void start_checkpointAndLog_bothCount() {
    Node one = new Node();
    for (int i = 0; i < 500; i++) {
      one.put(i, "v");
    }
    one.remove(7);
    one.awaitPersisted();
    Map<String, String> before = one.state();
    one.kill();
    Node two = new Node();
    assertThat(two.recovery().source()).isEqualTo(RecoveryReport.Source.DATABASE);
    assertThat(two.recovery().fromSource()).containsEntry("c", 499L);
    assertThat(two.state()).isEqualTo(before).hasSize(499);
  }

  @Test
  void start_logGone_memoryComesFromTheDatabaseAlone() {
    Node one = new Node();
    for (int i = 0; i < 300; i++) {
      one.put(i, "v" + i);
    }
    one.awaitPersisted();
    Map<String, String> before = one.state();
    one.kill();
    broker.deleteLog();
    Node two = new Node();
    assertThat(two.recovery().source()).isEqualTo(RecoveryReport.Source.DATABASE);
    assertThat(two.state()).isEqualTo(before).hasSize(300);
    two.put(1, "new");
    two.remove(2);
    two.awaitPersisted();
    Map<String, String> after = two.state();
    two.kill();
    Node three = new Node();
    assertThat(three.state()).isEqualTo(after).hasSize(299).containsEntry("k1", "new");
  }

  @Test
  void clear_thenPuts_onlyTheLaterStay() {
    Node one = new Node();
    for (int i = 0; i < 100; i++) {
      one.put(i, "old");
    }
    one.awaitPersisted();
    one.offer(new Event.Clear("c"));
    one.put(5, "new");
    one.awaitPersisted();
    one.kill();
    Node two = new Node();
    assertThat(two.recovery().source()).isEqualTo(RecoveryReport.Source.DATABASE);
    assertThat(two.state()).containsExactlyEntriesOf(Map.of("k5", "new"));
  }

  @Test
  void kill_projectors_anyOrder_databaseAndLogNeverBehindTheMembers() {
    long seed = 20_261_121L;
    Random random = new Random(seed);
    Node survivor = new Node();
    int kills = 0;
    for (int round = 0; round < 8; round++) {
      Node other = new Node();
      for (int i = 0; i < 200; i++) {
        Node author = random.nextBoolean() ? survivor : other;
        int key = random.nextInt(60);
        int what = random.nextInt(20);
        if (what == 0) {
          author.offer(new Event.Clear("c"));
        } else if (what < 6) {
          author.remove(key);
        } else {
          author.put(key, round + "-" + i);
        }
      }
      survivor.member.barrier().orTimeout(20, TimeUnit.SECONDS).join();
      other.member.barrier().orTimeout(20, TimeUnit.SECONDS).join();
      survivor.member.barrier().orTimeout(20, TimeUnit.SECONDS).join();
      Node remaining = other;
      await().atMost(PATIENCE).until(() -> remaining.state().equals(survivorState()));
      nodes.get(0).kill();
      kills++;
      survivor = other;
    }
    Map<String, String> before = survivor.state();
    survivor.awaitPersisted();
    survivor.kill();
    Node last = new Node();
    assertThat(kills).as("members killed, seed %d", seed).isEqualTo(8);
    assertThat(last.state()).as("seed %d", seed).isEqualTo(before);
    assertThat(last.recovery().source()).isEqualTo(RecoveryReport.Source.DATABASE);
  }

  private Map<String, String> survivorState() {
    return nodes.get(0).state();
  }
}
