// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.memory.MemoryBroker;
import dev.warren.sync.memory.MemoryTransportProvider;
import java.util.Map;

class MemoryLogTest extends SharedLogContract {

  @Override
  protected ClusterTransport transport(String cluster) {
    return new MemoryTransportProvider().create("memory:contract", cluster, Map.of());
  }

  @Override
  protected void cutConnections(String cluster) {
    MemoryBroker.named("contract/" + cluster).cutConnections();
  }
}
