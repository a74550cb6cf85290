// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ClusterTransport} keeps, whatever its broker. */
public abstract class SharedLogContract {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int RECORDS = 2_000;

  private final String cluster = "c" + UUID.randomUUID();
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /** A transport that is not started; each test has a cluster of its own. */
  protected abstract ClusterTransport transport(String cluster);

  /** Ends all connections of the cluster from the broker's side; the broker stays. */
  protected abstract void cutConnections(String cluster);

  @AfterEach
  void closeMembers() {
    members.forEach(member -> member.transport.close());
  }

  /** One member: its transport and all that it was told. */
  private static final class Member implements ConnectionListener {
    final ClusterTransport transport;
    final Origin origin = Origin.random();
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();

    Member(ClusterTransport transport) {
      this.transport = transport;
      transport.peers().register(origin, (from, bytes) -> messages.add(from + " " + string(bytes)));
    }

    @Override
    public void connected() {
      events.add("connected");
    }

    @Override
    public void disconnected(TransportException cause) {
      events.add("disconnected " + cause.reason());
    }

    long connections() {
      return events.stream().filter("connected"::equals).count();
    }

    SharedLog log() {
      return transport.log();
    }
  }

  /** What one subscriber has seen. */
  private static class Seen implements SharedLog.LogHandler {
    final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onRecord(LogRecord record) {
      offsets.add(record.offset());
      texts.add(string(record.bytes()));
    }

    void awaitSize(int size) {
      await("records").atMost(SOON).until(() -> texts.size() >= size);
    }
  }

  private Member member() {
    Member member = new Member(transport(cluster));
    members.add(member);
    member.transport.start(member);
    await("a connection").atMost(SOON).until(() -> member.connections() == 1);
    return member;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransportException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertFails(CompletionStage<?> stage, Reason reason) {
    assertThatThrownBy(() -> get(stage))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void append(Member member, String prefix, int count) {
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stages.add(member.log().append(bytes(prefix + i)));
    }
    stages.forEach(SharedLogContract::get);
  }

  private static List<String> numbered(String prefix, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> prefix + i).toList();
  }

  private static List<String> only(List<String> texts, String prefix) {
    return List.copyOf(texts).stream().filter(text -> text.startsWith(prefix)).toList();
  }

  // ---- log

  @Test
  void append_twoPublishersThreeSubscribers_allSeeTheSameOrder() {
    Member a = member();
    Member b = member();
    List<Seen> all = List.of(new Seen(), new Seen(), new Seen());
    a.log().subscribe(SharedLog.FIRST, all.get(0));
    b.log().subscribe(SharedLog.FIRST, all.get(1));
    b.log().subscribe(SharedLog.NEXT, all.get(2));
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> append(b, "b", RECORDS));
    append(a, "a", RECORDS);
    get(other);
    all.forEach(seen -> seen.awaitSize(2 * RECORDS));
    Seen first = all.get(0);
    assertThat(all).allSatisfy(seen -> assertThat(seen.texts).isEqualTo(first.texts));
    assertThat(all).allSatisfy(seen -> assertThat(seen.offsets).isEqualTo(first.offsets));
    assertThat(first.offsets).isSorted().doesNotHaveDuplicates();
    assertThat(only(first.texts, "a")).isEqualTo(numbered("a", 0, RECORDS));
    assertThat(only(first.texts, "b")).isEqualTo(numbered("b", 0, RECORDS));
  }

  @Test
  void subscribe_late_replaysEverything() {
    Member a = member();
    append(a, "r", RECORDS);
    Seen late = new Seen();
    member().log().subscribe(SharedLog.FIRST, late);
    late.awaitSize(RECORDS);
    assertThat(late.texts).isEqualTo(numbered("r", 0, RECORDS));
  }

  @Test
  void subscribe_fromTheMiddle_beginsExactlyThere() {
    Member a = member();
    Seen whole = new Seen();
    a.log().subscribe(SharedLog.FIRST, whole);
    append(a, "r", RECORDS);
    whole.awaitSize(RECORDS);
    Seen half = new Seen();
    a.log().subscribe(whole.offsets.get(RECORDS / 2 + 7), half);
    half.awaitSize(RECORDS / 2 - 7);
    assertThat(half.texts).isEqualTo(numbered("r", RECORDS / 2 + 7, RECORDS));
    assertThat(half.offsets).isEqualTo(whole.offsets.subList(RECORDS / 2 + 7, RECORDS));
  }

  @Test
  void subscribe_next_seesOnlyWhatFollows() {
    Member a = member();
    append(a, "old", 50);
    Seen seen = new Seen();
    a.log().subscribe(SharedLog.NEXT, seen);
    append(a, "new", 50);
    seen.awaitSize(50);
    assertThat(seen.texts).isEqualTo(numbered("new", 0, 50));
  }

  @Test
  void closeOfSubscription_always_endsDeliveries() {
    Member a = member();
    Seen ended = new Seen();
    Seen going = new Seen();
    SharedLog.LogSubscription subscription = a.log().subscribe(SharedLog.FIRST, ended);
    a.log().subscribe(SharedLog.FIRST, going);
    append(a, "r", 10);
    ended.awaitSize(10);
    subscription.close();
    append(a, "s", 10);
    going.awaitSize(20);
    assertThat(ended.texts).hasSize(10);
  }

  @Test
  void subscribe_handlerBlocks_appendsAndOthersGoOn() {
    Member a = member();
    CompletableFuture<Void> released = new CompletableFuture<>();
    Seen blocked = new Seen();
    Seen other = new Seen();
    a.log()
        .subscribe(
            SharedLog.FIRST,
            record -> {
              released.join();
              blocked.onRecord(record);
            });
    a.log().subscribe(SharedLog.FIRST, other);
    append(a, "r", RECORDS);
    other.awaitSize(RECORDS);
    assertThat(blocked.texts).isEmpty();
    released.complete(null);
    blocked.awaitSize(RECORDS);
    assertThat(blocked.texts).isEqualTo(other.texts);
  }

  @Test
  void subscribe_handlerTakesSomeAtOnce_allComeInOrderOnce() {
    Member writer = member();
    append(writer, "before", RECORDS / 2);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger mixed = new AtomicInteger();
    Seen seen =
        new Seen() {
          @Override
          public boolean offer(LogRecord record) {
            boolean taken = record.offset() % 7 < 4;
            if (taken) {
              onRecord(record);
            }
            return taken;
          }

          @Override
          public void onRecord(LogRecord record) {
            mixed.addAndGet(inside.getAndIncrement());
            super.onRecord(record);
            inside.decrementAndGet();
          }
        };
    member().log().subscribe(SharedLog.FIRST, seen);
    append(writer, "after", RECORDS / 2);
    seen.awaitSize(RECORDS);
    List<String> all = new ArrayList<>(numbered("before", 0, RECORDS / 2));
    all.addAll(numbered("after", 0, RECORDS / 2));
    assertThat(seen.texts).isEqualTo(all);
    assertThat(mixed).as("records that came while another one was handed on").hasValue(0);
  }

  @Test
  void head_emptyLog_isEmpty() {
    assertThat(get(member().log().head())).isEmpty();
  }

  @Test
  void head_recordsAppended_isTheFirst() {
    Member a = member();
    append(a, "r", 5);
    assertThat(get(member().log().head()))
        .hasValueSatisfying(record -> assertThat(string(record.bytes())).isEqualTo("r0"));
  }

  @Test
  void append_oversized_failsWithTooLarge() {
    Member a = member();
    assertFails(a.log().append(new byte[a.transport.maxRecordBytes() + 1]), Reason.TOO_LARGE);
    append(a, "r", 1);
  }

  @Test
  void append_notConnected_failsAtOnce() {
    ClusterTransport transport = transport(cluster);
    try {
      assertFails(transport.log().append(bytes("r")), Reason.CONNECTION_LOST);
      assertFails(transport.log().head(), Reason.CONNECTION_LOST);
    } finally {
      transport.close();
    }
  }

  @Test
  void cut_always_isReportedAndTheConnectionComesAgain() {
    Member a = member();
    append(a, "before", 10);
    cutConnections(cluster);
    await("another connection").atMost(SOON).until(() -> a.connections() >= 2);
    assertThat(a.events).startsWith("connected", "disconnected CONNECTION_LOST");
    Seen seen = new Seen();
    a.log().subscribe(SharedLog.FIRST, seen);
    append(a, "after", 10);
    seen.awaitSize(20);
    assertThat(only(seen.texts, "after")).isEqualTo(numbered("after", 0, 10));
  }

  @Test
  void cut_subscribed_endsTheSubscription() {
    Member a = member();
    Seen old = new Seen();
    a.log().subscribe(SharedLog.FIRST, old);
    append(a, "r", 10);
    old.awaitSize(10);
    cutConnections(cluster);
    await("another connection").atMost(SOON).until(() -> a.connections() >= 2);
    Seen fresh = new Seen();
    a.log().subscribe(SharedLog.FIRST, fresh);
    append(a, "s", 10);
    fresh.awaitSize(20);
    assertThat(old.texts).hasSize(10);
  }

  // ---- peers

  @Test
  void send_toAMember_arrivesThereOnly() {
    Member a = member();
    Member b = member();
    Member c = member();
    get(a.transport.peers().send(b.origin, bytes("hello")));
    await("the message").atMost(SOON).until(() -> b.messages.size() == 1);
    assertThat(b.messages).containsExactly(a.origin + " hello");
    assertThat(a.messages).isEmpty();
    assertThat(c.messages).isEmpty();
  }

  @Test
  void send_toNobody_failsWithNoSuchMember() {
    assertFails(
        member().transport.peers().send(Origin.random(), bytes("hello")), Reason.NO_SUCH_MEMBER);
  }

  @Test
  void broadcast_always_reachesAllOthers() {
    Member a = member();
    Member b = member();
    Member c = member();
    get(a.transport.peers().broadcast(bytes("all")));
    get(b.transport.peers().send(a.origin, bytes("one")));
    await("the messages")
        .atMost(SOON)
        .until(() -> b.messages.size() == 1 && c.messages.size() == 1 && a.messages.size() == 1);
    assertThat(b.messages).containsExactly(a.origin + " all");
    assertThat(c.messages).containsExactly(a.origin + " all");
    assertThat(a.messages).as("own broadcasts are dropped").containsExactly(b.origin + " one");
  }

  // ---- close

  @Test
  void close_always_isQuickAndNothingIsCalledAfterwards() {
    Member a = member();
    Member b = member();
    Seen seen = new Seen();
    a.log().subscribe(SharedLog.FIRST, seen);
    append(b, "r", 10);
    seen.awaitSize(10);
    long before = System.nanoTime();
    a.transport.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    List<String> events = List.copyOf(a.events);
    append(b, "s", 10);
    Seen others = new Seen();
    b.log().subscribe(SharedLog.FIRST, others);
    others.awaitSize(20);
    assertThat(seen.texts).hasSize(10);
    assertThat(a.events).isEqualTo(events);
    assertFails(a.log().append(bytes("t")), Reason.CLOSED);
    a.transport.close();
  }
}
