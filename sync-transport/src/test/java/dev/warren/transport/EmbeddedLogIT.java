// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.embedded.EmbeddedTransportProvider;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.SharedLog;
import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.Ports;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code embedded:} in several processes, some of which are killed. */
class EmbeddedLogIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Of a process that SIGKILL ended: 128 + 9. */
  private static final int KILLED = 137;

  private final String cluster = "c" + UUID.randomUUID();
  private final ConnectionLog connection = new ConnectionLog();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    port = Ports.free();
  }

  private ChildJvm child(boolean runsTheBroker) throws Exception {
    ChildJvm child = new ChildJvm(EmbeddedLogChild.class, "" + port, cluster);
    assertThat(child.await("connected")).isEqualTo("" + runsTheBroker);
    return child;
  }

  private static void append(ChildJvm child, String text) throws Exception {
    child.say(text);
    assertThat(child.await("appended")).isEqualTo(text);
  }

  private ClusterTransport join() {
    ClusterTransport transport =
        new EmbeddedTransportProvider().create("embedded:?port=" + port, cluster, Map.of());
    transport.start(connection);
    connection.awaitConnections(1);
    return transport;
  }

  private void subscribe(ClusterTransport transport) {
    transport
        .log()
        .subscribe(
            SharedLog.FIRST,
            logRecord -> seen.add(new String(logRecord.bytes(), StandardCharsets.UTF_8)));
  }

  private void awaitSeen(String... texts) {
    await("records").atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly(texts));
  }

  /** The broker keeps its log in memory: whoever kills its process loses the log, and only that. */
  @Test
  void start_processWithTheBrokerIsKilled_isTakenOverWithAnEmptyLog() throws Exception {
    try (ChildJvm first = child(true);
        ChildJvm second = child(false);
        ClusterTransport here = join()) {
      subscribe(here);
      append(first, "of the first");
      append(second, "of the second");
      awaitSeen("of the first", "of the second");
      assertThat(EmbeddedBroker.running(port)).as("here").isEmpty();

      assertThat(first.kill()).isEqualTo(KILLED);

      connection.awaitConnections(2);
      assertThat(connection.events).startsWith("connected", "disconnected CONNECTION_LOST");
      seen.clear();
      subscribe(here);
      here.log().append(new byte[] {'x'}).toCompletableFuture().get(30, TimeUnit.SECONDS);
      awaitSeen("x"); // what the killed process kept is gone

      second.say("return");
      assertThat(second.exitStatus()).as("a main that closes nothing ends").isZero();
    }
  }

  @Test
  void start_twoProcessesAtOnce_oneRunsTheBroker() throws Exception {
    try (ChildJvm one = new ChildJvm(EmbeddedLogChild.class, "" + port, cluster);
        ChildJvm other = new ChildJvm(EmbeddedLogChild.class, "" + port, cluster)) {
      assertThat(List.of("" + one.await("connected"), "" + other.await("connected")))
          .containsExactlyInAnyOrder("true", "false");
      append(one, "a");
      append(other, "b");
      try (ClusterTransport here = join()) {
        subscribe(here);
        awaitSeen("a", "b");
      }
    }
  }

  @Test
  void close_processWithTheBroker_isTakenOver() throws Exception {
    try (ChildJvm first = child(true);
        ClusterTransport here = join()) {
      assertThat(here.log().head().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEmpty();
      first.say("close");
      assertThat(first.await("closed")).isNotNull();

      connection.awaitConnections(2);
      assertThat(EmbeddedBroker.running(port)).as("here").isPresent();
      first.say("return");
      assertThat(first.exitStatus()).isZero();
    }
  }

  @Test
  void main_closesNothingAndRunsTheBroker_ends() throws Exception {
    try (ChildJvm child = child(true)) {
      append(child, "a");
      child.say("return");
      assertThat(child.exitStatus()).isZero();
    }
  }
}
