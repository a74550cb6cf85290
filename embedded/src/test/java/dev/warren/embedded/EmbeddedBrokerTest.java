// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.embedded.EmbeddedBrokerProbe.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class EmbeddedBrokerTest {

  @Test
  void start_anyPort_takesConnectionsUntilItIsClosed() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      factory.setUri(broker.uri());
      try (Connection connection = factory.newConnection()) {
        assertThat(String.valueOf(connection.getServerProperties().get("product")))
            .containsIgnoringCase("qpid");
      }
    }
    assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
  }

  @Test
  void start_portTaken_saysSo() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(broker.port()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("but " + broker.port() + " is taken");
    }
  }

  @Test
  void start_portOutOfRange_isRefused() {
    assertThatThrownBy(() -> EmbeddedBroker.start(70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70000");
  }

  @Test
  void ask_always_tellsWhoListens() throws Exception {
    int port;
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      port = broker.port();
      assertThat(EmbeddedBrokerProbe.ask(port)).isEqualTo(Listener.EMBEDDED_BROKER);
    }
    assertThat(EmbeddedBrokerProbe.ask(port)).isEqualTo(Listener.NOBODY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AMQP\0\0\1\0",
        "HTTP/1.1 400 Bad Request\r\n\r\nno warren-embedded here",
        "\1\0\0\0\0\0\16\0\12\0\12RabbitMQ..",
        "\1\0\0\0\0\0\4\0\12\0\12warren-embedded",
        "\1\0\0\177\0\0\0\0\12\0\12warren-embedded"
      })
  void ask_somethingElse_isAStranger(String answer) throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = stranger.accept()) {
                  socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      thread.start();
      assertThat(EmbeddedBrokerProbe.ask(stranger.getLocalPort())).isEqualTo(Listener.STRANGER);
      thread.join();
    }
  }
}
