// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.embedded.EmbeddedMongo;
import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.testkit.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does when it cannot have its database, or the port of an embedded part. */
class DatabaseFaultsIT {
  private static final String SECRET = "s3cret-word";

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private final Nodes nodes = new Nodes();
  private final LogLines log = new LogLines();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(0);
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  @AfterEach
  void closeAndLookForThePassword() {
    nodes.close();
    log.close();
    assertThat(log.all()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
  }

  private Node open(String database) {
    return nodes.open(broker.uri(), "warren.persistence", database);
  }

  private static String mongo(int port) {
    return "mongodb://127.0.0.1:" + port + "/warren?serverSelectionTimeoutMS=300";
  }

  private static String mongoWithLogin(int port) {
    return mongo(port).replace("//", "//me:" + SECRET + "@");
  }

  @Test
  void open_databaseIsDown_servesAndHealsWhenItStarts() throws Exception {
    int port = Ports.free();
    Node node = open(mongo(port));
    Nodes.assertServesDegraded(node, "MongoDB must answer");
    assertThat(node.health().reason()).contains("127.0.0.1:" + port);
    assertThat(log.warnings("WRN-0401")).as("said once").hasSize(1);
    try (EmbeddedMongo mongo = EmbeddedMongo.inMemory(port)) {
      Nodes.assertHealed(node, open(mongo.uri()));
      node.health().awaitPersisted(Nodes.PATIENCE);
      nodes.close();
    }
  }

  /** The fault ends with the process that has taken the port of the database. */
  @Test
  void open_portOfTheEmbeddedDatabaseIsInUse_servesAndHealsWhenItIsFree() throws Exception {
    String address;
    Node node;
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "embedded:?port=%d&dir=%s".formatted(stranger.getLocalPort(), folder);
      node = open(address);
      Nodes.assertServesDegraded(node, "port " + stranger.getLocalPort());
      assertThat(node.health().reason()).contains("choose another port");
    }
    Nodes.assertHealed(node, open(address));
    node.health().awaitPersisted(Nodes.PATIENCE);
  }

  @Test
  void open_portOfTheEmbeddedBrokerIsInUse_servesAndHealsWhenItIsFree() throws Exception {
    String address;
    Node node;
    try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      address = "embedded:?port=" + stranger.getLocalPort();
      node = nodes.open(address, "warren.transport.connect-timeout", "1s");
      Nodes.assertServesDegraded(node, "port " + stranger.getLocalPort());
      assertThat(log.warnings("WRN-0603")).as("said once").hasSize(1);
    }
    Nodes.assertHealed(node, nodes.open(address));
  }

  @Test
  void open_addressIsThatOfTheBroker_servesAndSaysSo() {
    Node node = open(mongoWithLogin(broker.port()));
    Nodes.assertServesDegraded(node, "127.0.0.1:" + broker.port());
    assertThat(node.health().reason()).contains("//me:***@").doesNotContain(SECRET);
  }

  @Test
  void open_loginIsRefused_servesAndSaysSo() {
    try (EmbeddedMongo mongo = EmbeddedMongo.inMemory(0)) { // knows no users
      Node node = open(mongoWithLogin(mongo.port()));
      Nodes.assertServesDegraded(node, "refused the login");
      assertThat(node.health().reason()).contains("//me:***@").doesNotContain(SECRET);
      nodes.close();
    }
  }

  @Test
  void run_databaseGoesAwayAndComesBack_saysSoAndWritesWhatItMissed() throws Exception {
    int port = Ports.free();
    Node one;
    Node two;
    try (EmbeddedMongo mongo = EmbeddedMongo.inFolder(port, folder)) {
      one = open(mongo(port)).ready();
      two = open(mongo(port)).ready();
      one.cache.put("before", 1);
      one.health().awaitPersisted(Nodes.PATIENCE);
      assertThat(mongo.port()).isEqualTo(port);
    }
    one.cache.put("meanwhile", 2);
    two.awaitValue("meanwhile", 2);
    for (Node node : new Node[] {one, two}) {
      node.awaitState(WarrenHealth.State.DEGRADED);
      assertThat(node.health().reason()).contains("127.0.0.1:" + port);
      assertThat(node.warren().isReady()).as("it still holds everything").isTrue();
    }
    assertThatThrownBy(() -> one.health().awaitPersisted(Duration.ofMillis(100)))
        .isInstanceOf(CacheException.class);
    assertThat(log.warnings("WRN-0210")).as("one line for each node").hasSize(2);

    try (EmbeddedMongo mongo = EmbeddedMongo.inFolder(port, folder)) {
      one.awaitState(WarrenHealth.State.READY);
      two.awaitState(WarrenHealth.State.READY);
      one.cache.put("after", 3);
      one.health().awaitPersisted(Nodes.PATIENCE);
      nodes.close();

      Node later = open(mongo.uri()).ready();
      assertThat(later.warren().recovery().source()).isEqualTo(Recovery.Source.DATABASE);
      assertThat(later.warren().recovery().fromSource()).isEqualTo(3);
      assertThat(later.cache.get("meanwhile")).isEqualTo(2);
      nodes.close();
    }
    await().atMost(Nodes.PATIENCE).until(() -> nodes.threads().isEmpty());
  }
}
