// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.testkit.RabbitBroker;
import dev.warren.testkit.RabbitCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Faults of a RabbitMQ cluster of three, which keeps three copies of the log. */
class RabbitClusterFaultsIT extends RabbitFaultsContract {
  @SuppressWarnings("NullAway.Init")
  private static RabbitCluster cluster;

  @BeforeAll
  static void startBrokers() {
    cluster = RabbitCluster.startOrSkip(3);
  }

  /** What one broker does too is tried on three when there is time for more than one round. */
  @BeforeEach
  void skipWhatOneBrokerDoesTooUnlessThereIsTime(TestInfo test) {
    boolean ofThree = test.getTestMethod().orElseThrow().getDeclaringClass() == getClass();
    assumeTrue(ofThree || ROUNDS > 1, "skipped: tried on three brokers by ./verify --deep alone");
  }

  @AfterAll
  static void closeBrokers() {
    @Nullable RabbitCluster started = cluster;
    if (started != null) {
      started.close();
    }
  }

  @Override
  String uri() {
    return cluster.uri();
  }

  @Override
  RabbitBroker broker() {
    return cluster.brokers().get(0);
  }

  @Override
  List<RabbitBroker> brokers() {
    return cluster.brokers();
  }

  /** The cluster's address with broker {@code first} before the others. */
  private String uri(int first) {
    List<String> ports = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ports.add("127.0.0.1:" + brokers().get((first + i) % 3).port());
    }
    return "amqp://guest:guest@" + String.join(",", ports);
  }

  private RabbitBroker anotherThan(RabbitBroker one) {
    return brokers().get((brokers().indexOf(one) + 1) % 3);
  }

  private void awaitThreeCopies() {
    await("three copies are up")
        .ignoreExceptions() // a broker that starts may not answer yet
        .atMost(Nodes.PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> cluster.copies(broker(), stream()) == 3);
  }

  @Test
  void leader_killedInABurst_anotherLeadsAndNothingIsLost() {
    Writers writers = writers();
    writers.start(uri(0), uri(1));
    Node observer = writers.observe(uri(2));
    writers.go();
    awaitStreamIsSettled();
    for (int round = 0; round < ROUNDS; round++) {
      awaitThreeCopies();
      writers.awaitAcknowledged(ENOUGH);
      RabbitBroker leader = cluster.leader(broker(), stream());
      leader.kill();
      try {
        writers.awaitAcknowledged(ENOUGH);
        assertThat(cluster.leader(anotherThan(leader), stream())).isNotEqualTo(leader);
        assertThat(cluster.copies(anotherThan(leader), stream())).isEqualTo(2);
      } finally {
        leader.start();
      }
      writers.awaitAcknowledged(ENOUGH);
    }
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void leader_standsStill_nothingIsLost() {
    Writers writers = writers();
    writers.start(uri(0), uri(1));
    Node observer = writers.observe(uri(2));
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      awaitThreeCopies();
      writers.awaitAcknowledged(ENOUGH);
      RabbitBroker leader = cluster.leader(broker(), stream());
      leader.pause();
      try {
        awaitThat("writing stands still too", () -> metrics(observer).lagMillis() > 5_000);
      } finally {
        leader.resume();
      }
      writers.awaitAcknowledged(ENOUGH);
    }
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void brokers_restartedOneAfterTheOtherUnderLoad_nothingIsLost() {
    Writers writers = writers();
    writers.start(uri(0), uri(1));
    Node observer = writers.observe(uri(2));
    writers.go();
    awaitStreamIsSettled();
    for (int round = 0; round < ROUNDS; round++) {
      Set<RabbitBroker> led = new HashSet<>();
      for (RabbitBroker each : brokers()) {
        awaitThreeCopies();
        led.add(cluster.leader(each, stream()));
        each.stop();
        try {
          writers.awaitAcknowledged(ENOUGH);
          RabbitBroker next = cluster.leader(anotherThan(each), stream());
          assertThat(next).isNotEqualTo(each);
          led.add(next);
        } finally {
          each.start();
        }
        writers.awaitAcknowledged(ENOUGH);
      }
      assertThat(led).as("who led the stream in turn").hasSizeGreaterThan(1);
    }
    writers.assertNothingLostAndAllEqual(observer);
  }
}
