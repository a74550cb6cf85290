// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.embedded.EmbeddedMongo;
import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.RabbitBroker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Neither the JVM nor a library has anything to say on standard error, on the JDK that runs the
 * test: no option of the JVM is needed to keep it silent.
 */
class StandardErrorIT {
  private static final List<String> QUIET_LOGGER = List.of("-Dit.level=OFF");

  private static void assertQuiet(String... arguments) {
    try (ChildJvm child = new ChildJvm(QuietMain.class, QUIET_LOGGER, e -> true, arguments)) {
      assertThat(child.expect("copied")).isEqualTo("100");
      assertThat(child.expect("replicated")).isEqualTo("100 of 100");
      child.expect("persisted, second node from");
      assertThat(child.exitStatus()).isZero();
      assertThat(child.errors()).isEmpty();
    }
  }

  @Test
  @ExtendWith(SharedRabbit.class)
  void main_rabbitMqAndMongoDb_nothingOnStandardError(RabbitBroker broker) {
    try (EmbeddedMongo mongo = EmbeddedMongo.inMemory(0)) {
      assertQuiet(broker.uri(), mongo.uri() + "/quiet");
    }
  }

  @Test
  void main_embeddedParts_nothingOnStandardError() {
    assertQuiet("embedded");
  }
}
