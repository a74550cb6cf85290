// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.Map;

/**
 * Finds transports by the scheme of {@code warren.log}; found by {@link java.util.ServiceLoader}.
 */
public interface TransportProvider {

  /** True for schemes such as {@code amqp}, {@code amqps}, {@code memory}, {@code embedded}. */
  boolean handles(String scheme);

  /**
   * Makes a transport; opens no connection.
   *
   * @param uri as configured, with the password; several addresses {@code
   *     amqp://u:p@h1:5672,h2:5672/vhost} are not a valid {@link java.net.URI} authority, hence a
   *     string
   * @param cluster name of the cluster, which names the stream
   * @param settings transport settings by their short name, e.g. {@code prefetch}, {@code
   *     heartbeat}
   * @throws IllegalArgumentException if the URI or a setting is malformed: rule, value, remedy
   */
  ClusterTransport create(String uri, String cluster, Map<String, String> settings);
}
