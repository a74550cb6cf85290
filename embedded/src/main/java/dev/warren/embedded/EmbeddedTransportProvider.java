// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.TransportProvider;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Makes the transports of {@code embedded:}; found by {@link ServiceLoader}. */
public final class EmbeddedTransportProvider implements TransportProvider {

  @Override
  public boolean handles(String scheme) {
    return scheme.equalsIgnoreCase(EmbeddedParameters.SCHEME);
  }

  @Override
  public ClusterTransport create(String uri, String cluster, Map<String, String> settings) {
    EmbeddedBrokerAddress address = EmbeddedBrokerAddress.parse(uri);
    TransportProvider amqp =
        amqpProvider()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "warren.log = embedded: needs the module warren-sync-transport, but it is"
                            + " not on the class path: add dev.warren:warren-sync-transport"));
    return new EmbeddedTransport(
        address, amqp.create(address.amqpUri(), cluster, settings), cluster);
  }

  /** This module does not see the one that speaks AMQP; it takes what is there. */
  private static Optional<TransportProvider> amqpProvider() {
    return ServiceLoader.load(
            TransportProvider.class, EmbeddedTransportProvider.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.handles("amqp"))
        .findFirst();
  }
}
