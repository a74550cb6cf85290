// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class EmbeddedBrokerTest {

  @Test
  void start_anyPort_takesConnectionsUntilItIsClosed() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      factory.setUri(broker.uri());
      try (Connection connection = factory.newConnection()) {
        assertThat(String.valueOf(connection.getServerProperties().get("product")))
            .containsIgnoringCase("qpid");
      }
    }
    assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
  }

  @Test
  void start_portTaken_saysSo() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(broker.port()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(broker.port() + " is taken");
    }
  }

  @Test
  void start_portOutOfRange_isRefused() {
    assertThatThrownBy(() -> EmbeddedBroker.start(70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70000");
  }
}
