// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.memory;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.TransportProvider;
import java.util.Map;

/** {@code memory:NAME}: members of one cluster in one JVM. */
public final class MemoryTransportProvider implements TransportProvider {

  @Override
  public boolean handles(String scheme) {
    return scheme.equals("memory");
  }

  @Override
  public ClusterTransport create(String uri, String cluster, Map<String, String> settings) {
    String name = uri.substring(uri.indexOf(':') + 1) + "/" + cluster;
    return new MemoryTransport(MemoryBroker.named(name), name);
  }
}
