// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.testkit.RabbitBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node does when it cannot have its broker, on a real RabbitMQ. */
@ExtendWith(SharedRabbit.class)
class BrokerFaultsIT {
  private static final String SECRET = "s3cret-word";
  private static final String CLOSE = "warren.close-timeout";
  private static final String USER = "u" + UUID.randomUUID();

  private final Nodes nodes = new Nodes();
  private final LogLines log = new LogLines();

  @BeforeAll
  static void addUser(RabbitBroker broker) {
    broker.control("add_user", USER, SECRET);
    broker.control("set_permissions", USER, ".*", ".*", ".*");
  }

  @AfterEach
  void closeAndLookForThePassword() {
    nodes.close();
    log.close();
    assertThat(log.all()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
  }

  private static String uri(RabbitBroker broker) {
    return uri(broker, SECRET);
  }

  private static String uri(RabbitBroker broker, String password) {
    return "amqp://" + USER + ":" + password + "@127.0.0.1:" + broker.port();
  }

  private void assertDegraded(Node node, String why) {
    Nodes.assertServesDegraded(node, why);
    assertThat(node.health().reason()).contains("amqp://" + USER + ":***@").doesNotContain(SECRET);
    assertThat(log.warnings("WRN-0302")).as("said once").hasSize(1);
  }

  @Test
  void open_brokerIsDown_servesAndHealsWhenItStarts(RabbitBroker broker) {
    String two = uri(broker).replace("@", "@127.0.0.1:1,"); // the first one stays dead
    broker.stop();
    Node node;
    try {
      node = nodes.open(two);
      assertDegraded(node, "no broker could be reached");
      assertThat(node.health().reason()).contains("127.0.0.1:1,127.0.0.1:" + broker.port());
    } finally {
      broker.start();
    }
    Nodes.assertHealed(node, nodes.open(two));
  }

  @Test
  void close_brokerIsAwayAndNothingIsUnwritten_isQuickAndSilent(RabbitBroker broker) {
    Node node = nodes.open(uri(broker), CLOSE, "300s").ready();
    node.cache.put("k", "1");
    node.warren().barrier(Nodes.PATIENCE);
    broker.stop();
    try {
      Node never = nodes.open(uri(broker), CLOSE, "300s");
      for (Node each : new Node[] {node, never}) {
        each.awaitState(WarrenHealth.State.DEGRADED);
        assertThat(CompletableFuture.runAsync(each.manager::close))
            .succeedsWithin(Duration.ofSeconds(20));
      }
    } finally {
      broker.start();
    }
    assertThat(log.warnings("WRN-0209")).isEmpty();
  }

  @Test
  void close_brokerComesBackWhileAWriteWaits_flushes(RabbitBroker broker) {
    Node node = nodes.open(uri(broker), CLOSE, "300s").ready();
    CompletableFuture<?> closed;
    broker.stop();
    try {
      node.awaitState(WarrenHealth.State.DEGRADED);
      node.cache.put("k", "1");
      closed = CompletableFuture.runAsync(node.manager::close);
      await().atMost(Nodes.PATIENCE).until(node.manager::isClosed);
      assertThat(closed).isNotDone();
    } finally {
      broker.start();
    }
    assertThat(closed).succeedsWithin(Nodes.PATIENCE);
    assertThat(log.warnings("WRN-0209")).isEmpty();
    assertThat(nodes.open(uri(broker)).ready().cache.get("k")).isEqualTo("1");
  }

  @Test
  void close_brokerIsAwayAndAWriteWaits_waitsAndSaysWhatIsLost(RabbitBroker broker) {
    Node node = nodes.open(uri(broker), CLOSE, "300ms").ready();
    broker.stop();
    try {
      node.awaitState(WarrenHealth.State.DEGRADED);
      node.cache.put("k", "1");
      node.manager.close();
    } finally {
      broker.start();
    }
    assertThat(log.warnings("WRN-0209"))
        .singleElement()
        .asString()
        .contains("1 own writes could not be flushed within 300 ms");
  }

  @Test
  void open_virtualHostIsMissing_servesAndHealsWhenItIsMade(RabbitBroker broker) {
    String vhost = "v" + UUID.randomUUID();
    Node node = nodes.open(uri(broker) + "/" + vhost);
    assertDegraded(node, "has no virtual host " + vhost);
    broker.control("add_vhost", vhost);
    broker.control("set_permissions", "-p", vhost, USER, ".*", ".*", ".*");
    Nodes.assertHealed(node, nodes.open(uri(broker) + "/" + vhost));
  }

  @Test
  void open_permissionIsRefused_servesAndHealsWhenItIsGiven(RabbitBroker broker) {
    Node other = nodes.open(broker.uri()).ready();
    broker.control("set_permissions", USER, "^$", ".*", ".*");
    Node node = nodes.open(uri(broker));
    assertDegraded(node, "gave " + USER + " no permission");
    broker.control("set_permissions", USER, "^(warren\\..*|amq\\..*)$", ".*", ".*");
    Nodes.assertHealed(node, other);
  }

  @Test
  void open_passwordIsWrong_servesAndHealsWhenItIsRight(RabbitBroker broker) {
    Node other = nodes.open(broker.uri()).ready();
    String wrong = SECRET + "-too";
    Node node = nodes.open(uri(broker, wrong));
    assertDegraded(node, "refused the login of " + USER);
    broker.control("change_password", USER, wrong);
    Nodes.assertHealed(node, other);
    broker.control("change_password", USER, SECRET);
  }

  @Test
  void open_firstOfTwoAddressesIsDead_usesTheOther(RabbitBroker broker) throws Exception {
    Node other = nodes.open(broker.uri()).ready();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String two = uri(broker).replace("@", "@127.0.0.1:" + silent.getLocalPort() + ",");
      Node node = nodes.open(two, "warren.transport.connect-timeout", "1s");
      assertThat(node.health().state()).isIn(WarrenHealth.State.STARTING, WarrenHealth.State.READY);
      node.cache.put("k", "2");
      silent.accept().close(); // it was tried first
      Nodes.assertHealed(node, other);
    }
  }

  @Test
  void open_brokerSaysNothing_servesAndCloses(RabbitBroker broker) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Node node =
          nodes.open(
              "amqp://me:" + SECRET + "@127.0.0.1:" + silent.getLocalPort(),
              "warren.transport.connect-timeout",
              "300s",
              CLOSE,
              "100ms");
      node.cache.put("k", "1");
      assertThat(node.cache.get("k")).isEqualTo("1");
      assertThat(silent.accept().isConnected()).isTrue();
      assertThat(node.health().state()).isEqualTo(WarrenHealth.State.STARTING);
      assertThat(node.health().reason()).contains("connecting to amqp://me:***@");
      node.manager.close();
      assertThat(log.warnings("WRN-0209")).hasSize(1);
    }
  }
}
