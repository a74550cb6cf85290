// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.Connection;
import dev.warren.sync.TransportException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a broker keeps a log; told by the server property {@code product}. */
enum Dialect {
  /** A stream queue (RabbitMQ 3.9 and newer): offsets come with each delivery. */
  RABBITMQ,

  /** A queue whose consumers all see every message: offsets are counted from its beginning. */
  QPID;

  static final String OFFSET = "x-stream-offset";

  Map<String, Object> queueArguments() {
    return switch (this) {
      case RABBITMQ ->
          Map.of("x-queue-type", "stream", "x-max-age", "7D", "x-max-length-bytes", 10L << 30);
      case QPID -> Map.of("qpid.ensure_nondestructive_consumers", true);
    };
  }

  /** Arguments of a consumer that starts at an offset, at the beginning, or behind the end. */
  Map<String, Object> consumerArguments(Object from) {
    return this == RABBITMQ ? Map.of(OFFSET, from) : Map.of();
  }

  static Dialect of(Connection connection) {
    @Nullable Object product = connection.getServerProperties().get("product");
    String name = String.valueOf(product);
    if (name.contains("RabbitMQ")) {
      return RABBITMQ;
    }
    if (name.toLowerCase(java.util.Locale.ROOT).contains("qpid")) {
      return QPID;
    }
    throw new TransportException(
        TransportException.Reason.UNSUITABLE_BROKER,
        "the broker must be RabbitMQ 3.9 or newer, or Qpid Broker-J, but calls itself "
            + name
            + ": change warren.log",
        null);
  }
}
