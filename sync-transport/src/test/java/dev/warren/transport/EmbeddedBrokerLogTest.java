// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.sync.ClusterTransport;
import dev.warren.testkit.SharedLogContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedBrokerLogTest extends SharedLogContract {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(0);
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
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
