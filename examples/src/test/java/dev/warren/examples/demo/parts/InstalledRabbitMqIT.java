// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InstalledRabbitMqIT {

  @Test
  void kill_whileTwoRunsLive_keepsTheStreamAndLeavesNothingBehind() throws Exception {
    Path program = program();
    Run run = new Run();
    Run other = new Run();
    List<ProcessHandle> started;
    try (run;
        other) {
      InstalledRabbitMq broker = new InstalledRabbitMq(run, program);
      broker.start();
      InstalledRabbitMq neighbour = new InstalledRabbitMq(other, program);
      neighbour.start();
      String stream = "warren." + run.cluster();
      publish(broker.uri(), stream);
      started = ProcessHandle.current().descendants().toList();

      broker.kill();
      assertThatIOException().isThrownBy(() -> new AmqpAddress(broker.uri()).probe());
      new AmqpAddress(neighbour.uri()).probe();
      broker.start();

      assertThat(firstMessage(broker.uri(), stream)).containsExactly(42);
      broker.loseLog();
      assertThatIOException().isThrownBy(() -> firstMessage(broker.uri(), stream));
    }
    assertThat(started).isNotEmpty();
    for (ProcessHandle process : started) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(Files.exists(run.folder())).isFalse();
    assertThat(Files.exists(other.folder())).isFalse();
  }

  /* "auto" skips where none is installed, "required" fails, "off" skips always. */
  private static Path program() throws IOException, InterruptedException {
    String wish = System.getProperty("warren.test.rabbitmq", "auto");
    assumeFalse(wish.equals("off"), "real-broker tests are off (warren.test.rabbitmq)");
    Optional<Path> program = InstalledRabbitMq.find();
    if (wish.equals("required") && !DockerRabbitMq.isAvailable()) {
      assertThat(program).as("RabbitMQ's start script").isPresent();
    }
    assumeTrue(program.isPresent(), "RabbitMQ is not installed");
    return program.orElseThrow();
  }

  private static void publish(String uri, String stream) throws Exception {
    try (Connection connection = connect(uri)) {
      Channel channel = connection.createChannel();
      channel.queueDeclare(stream, true, false, false, Map.of("x-queue-type", "stream"));
      channel.confirmSelect();
      channel.basicPublish("", stream, null, new byte[] {42});
      channel.waitForConfirmsOrDie(10_000);
    }
  }

  private static byte[] firstMessage(String uri, String stream) throws Exception {
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
