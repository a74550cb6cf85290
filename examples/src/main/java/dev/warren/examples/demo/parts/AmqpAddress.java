// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import dev.warren.sync.UriRedaction;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address such as {@code amqp://user:password@host1:5672,host2:5672/vhost}, and the few things
 * that the launcher itself asks of a broker.
 */
record AmqpAddress(String uri) {

  private static final Pattern FORM =
      Pattern.compile("(amqps?://(?:[^@/]*@)?)([^@/,]+)((?:,[^@/,]+)*)(/.*)?");
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int LARGEST_PORT = 65_535;

  AmqpAddress {
    if (!isUsable(uri)) {
      throw new IllegalArgumentException(
          "--log must look like amqp://user:password@host:5672/vhost, but was "
              + UriRedaction.redact(uri));
    }
  }

  private static boolean isUsable(String uri) {
    Matcher parts = FORM.matcher(uri);
    if (!parts.matches()) {
      return false;
    }
    try {
      for (Address address : addresses(parts)) {
        if (address.getPort() == 0 || address.getPort() > LARGEST_PORT) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) { // a port that is no number
      return false;
    }
  }

  private static List<Address> addresses(Matcher parts) {
    return List.of(Address.parseAddresses(parts.group(2) + parts.group(3)));
  }

  /** The address without its password. */
  String shown() {
    return UriRedaction.redact(uri);
  }

  /** Deletes a queue or stream; nothing happens if there is none. */
  void delete(String queue) throws IOException {
    try (Connection connection = connect()) {
      Channel channel = connection.createChannel();
      channel.queueDelete(queue);
    }
  }

  /** Fails unless a stream can be declared and consumed: right after a start it cannot. */
  void probeStreams(String name) throws IOException {
    try (Connection connection = connect()) {
      Channel channel = connection.createChannel();
      channel.queueDeclare(name, true, false, false, Map.of("x-queue-type", "stream"));
      channel.basicQos(1);
      channel.basicConsume(
          name, false, Map.of("x-stream-offset", "first"), new DefaultConsumer(channel));
      channel.queueDelete(name);
    }
  }

  /** Fails with a plain message unless the broker lets this user in. */
  void probe() throws IOException {
    connect().close();
  }

  private Connection connect() throws IOException {
    Matcher parts = FORM.matcher(uri);
    if (!parts.matches()) {
      throw new IllegalStateException("checked in the constructor");
    }
    String path = parts.group(4) == null || parts.group(4).equals("/") ? "" : parts.group(4);
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(parts.group(1) + parts.group(2) + path);
      factory.setAutomaticRecoveryEnabled(false);
      factory.setConnectionTimeout(TIMEOUT_MILLIS);
      factory.setThreadFactory(
          task -> {
            Thread thread = new Thread(task, "demo-amqp");
            thread.setDaemon(true);
            return thread;
          });
      return factory.newConnection(addresses(parts), "warren-demo");
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("cannot use " + shown() + ": " + e.getMessage(), e);
    } catch (IOException | TimeoutException e) {
      throw new IOException("cannot reach a broker at " + shown() + ": " + reason(e), e);
    }
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }
}
