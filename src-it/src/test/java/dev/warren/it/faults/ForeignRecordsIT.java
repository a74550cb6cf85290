// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.warren.embedded.EmbeddedBroker;
import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.wire.BatchCodec;
import dev.warren.testkit.RabbitBroker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Others write into a cluster's log. */
class ForeignRecordsIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedBroker qpid;

  private final Nodes nodes = new Nodes();
  private final LogLines log = new LogLines();

  @BeforeAll
  static void startQpid() {
    qpid = EmbeddedBroker.start(0);
  }

  @AfterAll
  static void stopQpid() {
    qpid.close();
  }

  @AfterEach
  void close() {
    nodes.close();
    log.close();
  }

  /** None of these is a batch: empty, text, noise, damaged, cut short, of a later version. */
  private static List<byte[]> foreign() {
    EpochId epoch = new EpochId(1, Origin.random().id());
    byte[] good =
        BatchCodec.encode(
            new Batch(epoch, Origin.random(), 1, false, List.of(new Event.Join("stranger"))));
    byte[] damaged = good.clone();
    damaged[60] ^= 1;
    byte[] later = good.clone();
    later[4]++;
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    return List.of(
        new byte[0],
        "{\"order\": 1}".getBytes(StandardCharsets.UTF_8),
        noise,
        damaged,
        Arrays.copyOf(good, good.length - 1),
        later);
  }

  private void publish(String broker, List<byte[]> bodies) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker);
    try (Connection connection = factory.newConnection()) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      for (byte[] body : bodies) {
        channel.basicPublish(
            "", "warren." + nodes.cluster(), MessageProperties.PERSISTENT_BASIC, body);
      }
      channel.waitForConfirmsOrDie(30_000);
    }
  }

  private void assertRefusesAndAppliesTheRest(String broker) throws Exception {
    Node one = nodes.open(broker).ready();
    Node two = nodes.open(broker).ready();
    int written = 0;
    for (byte[] body : foreign()) {
      publish(broker, List.of(body));
      for (int i = 0; i < 50; i++) {
        (i % 2 == 0 ? one : two).cache.put("k" + written, written++);
      }
    }
    int last = written;
    for (Node node : List.of(one, two)) {
      await().atMost(Nodes.PATIENCE).untilAsserted(() -> assertThat(node.cache).hasSize(last));
      for (int i = 0; i < last; i++) {
        assertThat(node.cache.get("k" + i)).isEqualTo(i);
      }
      assertThat(node.health().refusedRecords()).isEqualTo(foreign().size());
      assertThat(node.health().state()).isEqualTo(WarrenHealth.State.READY);
    }
    assertThat(log.warnings("WRN-0201")).as("one line for each node").hasSize(2);

    publish(broker, foreign()); // the last records before somebody joins and others connect again
    for (Node node : List.of(one, two)) {
      await()
          .atMost(Nodes.PATIENCE)
          .until(() -> node.health().refusedRecords() == 2L * foreign().size());
    }
    Node three = nodes.open(broker).ready();
    assertThat(three.cache).hasSize(last);
    three.cache.put("late", 1);
    one.awaitValue("late", 1);
    boolean readTheLog = three.warren().recovery().source() == Recovery.Source.LOG; // E1
    assertThat(log.warnings("WRN-0201")).hasSize(readTheLog ? 3 : 2);
    assertThat(log.warnings("WRN-0203")).as("nobody takes the log for another one").isEmpty();
  }

  @Test
  @ExtendWith(SharedRabbit.class)
  void publish_foreignRecordsOnRabbitMq_refusedCountedSaidOnce(RabbitBroker broker)
      throws Exception {
    assertRefusesAndAppliesTheRest(broker.uri());
  }

  @Test
  void publish_foreignRecordsOnQpid_refusedCountedSaidOnce() throws Exception {
    assertRefusesAndAppliesTheRest(qpid.uri());
  }

  @Test
  @ExtendWith(SharedRabbit.class)
  void open_logHoldsForeignRecordsOnly_becomesReady(RabbitBroker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      connection
          .createChannel()
          .queueDeclare(
              "warren." + nodes.cluster(), true, false, false, Map.of("x-queue-type", "stream"));
    }
    publish(broker.uri(), foreign());
    Node one = nodes.open(broker.uri()).ready();
    one.cache.put("k", 1);
    Node two = nodes.open(broker.uri()).ready();
    two.awaitValue("k", 1);
    assertThat(one.health().refusedRecords()).isGreaterThanOrEqualTo(foreign().size());
  }

  @Test
  @ExtendWith(SharedRabbit.class)
  void connectionIsCut_lastRecordIsForeign_goesOn(RabbitBroker broker) throws Exception {
    Node one = nodes.open(broker.uri()).ready();
    Node two = nodes.open(broker.uri()).ready();
    one.cache.put("k", 1);
    two.awaitValue("k", 1);
    publish(broker.uri(), foreign());
    await().atMost(Nodes.PATIENCE).until(() -> one.health().refusedRecords() == foreign().size());
    broker.closeAllConnections();
    await("the connections end")
        .atMost(Nodes.PATIENCE)
        .until(() -> log.warnings("WRN-0301").size() == 2);
    one.cache.put("k", 2);
    one.awaitState(WarrenHealth.State.READY);
    two.awaitValue("k", 2);
    assertThat(log.warnings("WRN-0203")).isEmpty();
  }
}
