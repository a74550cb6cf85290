// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.it.faults.Writers.Writer;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.testkit.RabbitBroker;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults of one RabbitMQ, and of the nodes beside it. */
@ExtendWith(SharedRabbit.class)
class RabbitFaultsIT extends RabbitFaultsContract {
  @SuppressWarnings("NullAway.Init")
  private static RabbitBroker broker;

  @BeforeAll
  static void take(RabbitBroker shared) {
    assumeFalse(
        System.getProperty("warren.test.faults", "auto").equals("off"),
        "skipped: warren.test.faults is off");
    broker = shared;
  }

  @Override
  String uri() {
    return broker.uri();
  }

  @Override
  RabbitBroker broker() {
    return broker;
  }

  @Override
  List<RabbitBroker> brokers() {
    return List.of(broker);
  }

  private void assertAllNoticed(int losses, List<Writer> writers) {
    assertThat(log.warnings("WRN-0301")).hasSizeGreaterThanOrEqualTo(losses);
    writers.forEach(writer -> writer.awaitWarning("WRN-0301"));
  }

  /** Who is not connected when the broker goes loses no connection. */
  private static void awaitAllAreBack(Writers writers, Node observer) {
    writers.awaitAcknowledged(ENOUGH);
    observer.awaitState(WarrenHealth.State.READY);
  }

  @Test
  void broker_killedAndRestartedInABurst_nothingIsLost() {
    Writers writers = writers();
    List<Writer> two = writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    awaitStreamIsSettled();
    for (int round = 0; round < ROUNDS; round++) {
      awaitAllAreBack(writers, observer);
      broker.kill();
      broker.start();
      awaitAllAreBack(writers, observer);
      broker.stop();
      broker.start();
      writers.awaitAcknowledged(ENOUGH);
    }
    assertAllNoticed(2 * ROUNDS, two);
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void broker_standsStill_isGivenUpAndNothingIsLost() {
    Writers writers = writers();
    List<Writer> two = writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      awaitAllAreBack(writers, observer);
      int warnings = log.warnings("WRN-0301").size();
      broker.pause();
      try {
        awaitThat("the observer noticed", () -> log.warnings("WRN-0301").size() > warnings);
        two.forEach(writer -> writer.awaitWarning("WRN-0301"));
      } finally {
        broker.resume();
      }
      writers.awaitAcknowledged(ENOUGH);
    }
    assertAllNoticed(ROUNDS, two);
    writers.assertNothingLostAndAllEqual(observer);
  }
}
