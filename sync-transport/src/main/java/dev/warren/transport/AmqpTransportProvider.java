// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.TransportProvider;
import dev.warren.transport.internal.AmqpTransport;
import dev.warren.transport.internal.AmqpUri;
import dev.warren.transport.internal.TransportSettings;
import java.util.Map;

/** {@code amqp://} and {@code amqps://}: a RabbitMQ stream, or a queue of Qpid Broker-J. */
public final class AmqpTransportProvider implements TransportProvider {

  @Override
  public boolean handles(String scheme) {
    return scheme.equals("amqp") || scheme.equals("amqps");
  }

  @Override
  public ClusterTransport create(String uri, String cluster, Map<String, String> settings) {
    return new AmqpTransport(AmqpUri.parse(uri), cluster, TransportSettings.of(settings));
  }
}
