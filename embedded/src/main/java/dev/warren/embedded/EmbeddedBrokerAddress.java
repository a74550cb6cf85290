// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

/** What {@code embedded:?port=5690} says about the broker: the loopback port. */
record EmbeddedBrokerAddress(int port) {
  static final int DEFAULT_PORT = 5690;
  private static final String RULE = "warren.log must be embedded: or embedded:?port=5690, but ";

  /**
   * Reads a URI. {@code memory=true}, which the database's address knows, says of the broker what
   * is always so; the database's {@code dir} is refused.
   *
   * @throws IllegalArgumentException if {@code uri} is malformed
   */
  static EmbeddedBrokerAddress parse(String uri) {
    EmbeddedParameters parameters = EmbeddedParameters.parse(uri, RULE);
    for (String name : parameters.values().keySet()) {
      switch (name) {
        case "port" -> {}
        case "memory" -> {
          if (!parameters.bool(name)) {
            throw inMemoryOnly("memory=false");
          }
        }
        case "dir" -> throw inMemoryOnly("dir");
        default -> throw new IllegalArgumentException(RULE + "has the parameter " + name);
      }
    }
    return new EmbeddedBrokerAddress(parameters.port(DEFAULT_PORT));
  }

  private static IllegalArgumentException inMemoryOnly(String parameter) {
    return new IllegalArgumentException(
        RULE
            + "has "
            + parameter
            + ", and the embedded broker keeps everything in memory: leave it out; entries outlive"
            + " it with warren.persistence");
  }

  /** As the AMQP client takes it. */
  String amqpUri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /** For messages. */
  String describe() {
    return "embedded broker on 127.0.0.1:" + port + " (in memory)";
  }
}
