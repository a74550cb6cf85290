// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.embedded.EmbeddedTransportProvider;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.TransportException.Reason;
import dev.warren.testkit.Ports;
import dev.warren.testkit.SharedLogContract;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code embedded:} within one JVM. */
class EmbeddedLogTest extends SharedLogContract {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static int port;

  /** Keeps the broker between the tests: to start one for each would take long. */
  @SuppressWarnings("NullAway.Init")
  private static ClusterTransport keeper;

  @BeforeAll
  static void startBroker() throws Exception {
    port = Ports.free();
    keeper = embedded(port, "keeper");
    ConnectionLog log = new ConnectionLog();
    keeper.start(log);
    log.awaitConnections(1);
  }

  @AfterAll
  static void closeBroker() {
    keeper.close();
    assertThat(EmbeddedBroker.running(port)).as("the last one has left").isEmpty();
  }

  private static ClusterTransport embedded(int port, String cluster) {
    return new EmbeddedTransportProvider().create("embedded:?port=" + port, cluster, Map.of());
  }

  @Override
  protected ClusterTransport transport(String cluster) {
    return embedded(port, cluster);
  }

  @Override
  protected void cutConnections(String cluster) {
    EmbeddedBroker.running(port).orElseThrow().closeAllConnections();
  }

  @Test
  void describe_always_saysThatItIsInMemory() {
    assertThat(keeper.describe())
        .isEqualTo("embedded broker on 127.0.0.1:" + port + " (in memory)");
  }

  @Test
  void start_portUsedBySomethingElse_saysSoAndHealsWhenItIsFree() throws Exception {
    ConnectionLog log = new ConnectionLog();
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread slammed = new Thread(() -> slamTheDoor(stranger), "test-stranger");
      slammed.start();
      int taken = stranger.getLocalPort();
      try (ClusterTransport transport = embedded(taken, "c" + UUID.randomUUID())) {
        transport.start(log);
        await("a failure").atMost(SOON).until(() -> !log.causes.isEmpty());
        assertThat(log.causes.get(0).reason()).isEqualTo(Reason.UNSUITABLE_BROKER);
        assertThat(log.causes.get(0))
            .hasMessageContaining("port " + taken + " of 127.0.0.1 must be free")
            .hasMessageContaining("something else uses it")
            .hasMessageContaining("choose another port");

        stranger.close();
        log.awaitConnections(1);
      }
    }
  }

  private static void slamTheDoor(ServerSocket stranger) {
    try {
      while (true) {
        stranger.accept().close();
      }
    } catch (java.io.IOException e) {
      // the test is over
    }
  }

  @Test
  void close_whileTheBrokerIsStarting_isQuick() throws Exception {
    int other = Ports.free();
    ConnectionLog log = new ConnectionLog();
    ClusterTransport transport = embedded(other, "c" + UUID.randomUUID());
    transport.start(log);
    long before = System.nanoTime();
    transport.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    assertThat(log.events).isEmpty();
    await("nothing is left").atMost(SOON).until(() -> EmbeddedBroker.running(other).isEmpty());
  }
}
