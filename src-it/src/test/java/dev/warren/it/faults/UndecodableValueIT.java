// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.it.faults.Nodes.Node;
import dev.warren.testkit.ChildJvm;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A value whose class is missing on another node, or not allowed there. */
class UndecodableValueIT {
  private static final String ALLOW = "warren.serialization.allow";
  private static final String TYPES = "dev.warren.examples.**";

  private static Object transition(int second) {
    return new ZoneTransition("Europe/Berlin", Instant.ofEpochSecond(second), 3600, 7200);
  }

  @Test
  void get_classIsMissingThere_absentCountedAndSaidOnce() {
    Nodes nodes = new Nodes();
    try (EmbeddedBroker broker = EmbeddedBroker.start(0);
        nodes;
        ChildJvm child =
            new ChildJvm(
                NodeMain.class,
                List.of(),
                entry -> !entry.contains("examples"),
                NodeMain.arguments(nodes.settings(broker.uri(), ALLOW, TYPES)))) {
      Node here = nodes.open(broker.uri(), ALLOW, TYPES).ready();
      child.expect("ready");
      here.cache.put("zone 1", transition(1));
      here.cache.put("zone 2", transition(2));
      here.cache.put("text", "text");
      here.warren().barrier(Nodes.PATIENCE);

      await()
          .atMost(Nodes.PATIENCE)
          .untilAsserted(() -> assertThat(ask(child, "get text")).isEqualTo("text"));
      assertThat(ask(child, "get zone 1")).isEqualTo("null");
      assertThat(ask(child, "get zone 2")).isEqualTo("null");
      assertThat(ask(child, "get zone 2")).isEqualTo("null");
      assertThat(ask(child, "undecodable")).isEqualTo("2");
      assertThat(ask(child, "keys")).isEqualTo("[text]");
      assertThat(child.errors().lines().filter(line -> line.contains("WRN-0501")))
          .singleElement()
          .asString()
          .contains(ZoneTransition.class.getName(), "missing on the class path of this node");

      assertThat(ask(child, "put zone 1=now a text")).isEqualTo("done");
      here.awaitValue("zone 1", "now a text");
      assertThat(here.cache.get("zone 2")).isEqualTo(transition(2));
      assertThat(here.warren().undecodable()).isZero();
      child.say("return");
      assertThat(child.exitStatus()).isZero();
    }
  }

  @Test
  void get_classIsNotAllowedThere_absentCountedAndSaidOnce() {
    Nodes nodes = new Nodes();
    try (EmbeddedBroker broker = EmbeddedBroker.start(0);
        nodes;
        LogLines log = new LogLines()) {
      Node here = nodes.open(broker.uri(), ALLOW, TYPES).ready();
      here.cache.put("zone 1", transition(1));
      here.cache.put("zone 2", transition(2));
      here.cache.put("text", "text");
      here.warren().barrier(Nodes.PATIENCE);
      Node there = nodes.open(broker.uri()).ready();
      assertThat(there.cache)
          .singleElement()
          .satisfies(e -> assertThat(e.getKey()).isEqualTo("text"));
      assertThat(there.cache.containsKey("zone 1")).isFalse();
      assertThat(there.warren().undecodable()).isEqualTo(2);
      assertThat(log.warnings("WRN-0501"))
          .singleElement()
          .asString()
          .contains(ZoneTransition.class.getName(), ALLOW);
    }
  }

  private static String ask(ChildJvm child, String request) {
    child.say(request);
    return child.expect("answer");
  }
}
