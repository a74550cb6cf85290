// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import dev.warren.sync.ClusterTransport;
import dev.warren.testkit.RabbitBroker;
import dev.warren.testkit.SharedLogContract;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RabbitMqLogIT extends SharedLogContract {
  @SuppressWarnings("NullAway.Init")
  private static RabbitBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = RabbitBroker.startOrSkip();
  }

  @AfterAll
  static void closeBroker() {
    @Nullable RabbitBroker started = broker;
    if (started != null) {
      started.close();
    }
  }

  @Override
  protected ClusterTransport transport(String cluster) {
    return new AmqpTransportProvider().create(broker.uri(), cluster, Map.of());
  }

  @Override
  protected void cutConnections(String cluster) {
    broker.closeAllConnections();
  }
}
