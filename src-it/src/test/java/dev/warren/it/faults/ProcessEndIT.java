// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.RabbitBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a process ends, and what it leaves: on a real RabbitMQ. */
@ExtendWith(SharedRabbit.class)
class ProcessEndIT {
  private static final int ENTRIES = 5_000;

  private final Nodes nodes = new Nodes();

  @AfterEach
  void close() {
    nodes.close();
  }

  private ChildJvm start(String log) {
    ChildJvm child = new ChildJvm(NodeMain.class, NodeMain.arguments(nodes.settings(log)));
    child.expect("ready");
    return child;
  }

  private static void assertHoldsAll(Node node) {
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(node.cache.get("k" + i)).as("k%d", i).isEqualTo(i);
    }
    assertThat(node.cache).hasSize(ENTRIES);
  }

  @Test
  void main_returnsWithoutClosing_processEnds(RabbitBroker broker) {
    try (ChildJvm child = start(broker.uri())) {
      child.say("fill " + ENTRIES);
      assertThat(child.expect("answer")).isEqualTo("done");
      child.say("return");
      assertThat(child.exitStatus()).as(child.errors()).isZero();
    }
  }

  @Test
  void main_returnsWithoutClosingWhileTheBrokerIsAway_processEnds() {
    String nobody = "amqp://127.0.0.1:1";
    try (ChildJvm child =
        new ChildJvm(ForgetfulMain.class, NodeMain.arguments(nodes.settings(nobody)))) {
      assertThat(child.expect("degraded")).contains("no broker could be reached");
      assertThat(child.exitStatus()).as(child.errors()).isZero();
    }
  }

  @Test
  void close_nodeIsLeftOver_otherNodeHasAll(RabbitBroker broker) {
    Node other = nodes.open(broker.uri()).ready();
    try (ChildJvm child = start(broker.uri())) {
      child.say("end " + ENTRIES);
      assertThat(child.expect("answer")).isEqualTo("closed");
      other.warren().barrier(Nodes.PATIENCE); // all that stood in the log before is applied
      assertHoldsAll(other);
      child.say("return");
      assertThat(child.exitStatus()).isZero();
    }
  }

  @Test
  void kill_afterCloseReturned_nothingIsLost(RabbitBroker broker) {
    try (ChildJvm child = start(broker.uri())) {
      child.say("end " + ENTRIES);
      assertThat(child.expect("answer")).isEqualTo("closed");
      assertThat(child.kill()).isEqualTo(ChildJvm.KILLED);
    }
    assertHoldsAll(nodes.open(broker.uri()).ready());
  }
}
