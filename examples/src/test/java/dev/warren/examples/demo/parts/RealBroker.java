// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What the tests of both kinds of private RabbitMQ ask of it. */
final class RealBroker {

  private RealBroker() {}

  /* "auto" skips where none is installed, "required" fails, "off" skips always. */
  static Path require() throws IOException, InterruptedException {
    String wish = System.getProperty("warren.test.rabbitmq", "auto");
    assumeFalse(wish.equals("off"), "real-broker tests are off (warren.test.rabbitmq)");
    Optional<Path> program = InstalledRabbitMq.find();
    if (wish.equals("required") && !DockerRabbitMq.isAvailable()) {
      assertThat(program).as("RabbitMQ's start script").isPresent();
    }
    assumeTrue(program.isPresent(), "skipped: needs an installed broker, not one in Docker");
    return program.orElseThrow();
  }

  /** A record in a new stream that has been there long enough to outlive the broker. */
  static void publish(String uri, String stream) throws Exception {
    try (Connection connection = connect(uri)) {
      Channel channel = connection.createChannel();
      channel.queueDeclare(stream, true, false, false, Map.of("x-queue-type", "stream"));
      channel.confirmSelect();
      channel.basicPublish("", stream, null, new byte[] {42});
      channel.waitForConfirmsOrDie(10_000);
    }
    // RabbitMQ writes which streams a broker has within half a second, not at once.
    Awaitility.await()
        .pollDelay(Duration.ofSeconds(5))
        .atMost(Duration.ofMinutes(1))
        .until(() -> true);
  }

  /** A restarted broker answers a little before its streams do. */
  static byte[] firstMessageAfterRestart(String uri, String stream) {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> firstMessage(uri, stream), Objects::nonNull);
  }

  static byte[] firstMessage(String uri, String stream) throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    try (Connection connection = connect(uri)) {
      Channel channel = connection.createChannel();
      channel.basicQos(1);
      channel.basicConsume(
          stream,
          false,
          Map.of("x-stream-offset", "first"),
          (tag, delivery) -> first.complete(delivery.getBody()),
          tag -> first.completeExceptionally(new IOException("the stream went")));
      return first.get(20, TimeUnit.SECONDS);
    }
  }

  private static Connection connect(String uri) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }
}
