// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import dev.warren.sync.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmqpTransportTest {

  private static ClusterTransport create(String uri) {
    return new AmqpTransportProvider().create(uri, "shop", Map.of());
  }

  @Test
  void provider_always_isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(TransportProvider.class))
        .anySatisfy(found -> assertThat(found).isInstanceOf(AmqpTransportProvider.class));
    assertThat(new AmqpTransportProvider().handles("amqps")).isTrue();
    assertThat(new AmqpTransportProvider().handles("memory")).isFalse();
  }

  @Test
  void describe_passwordAndSeveralAddresses_hidesThePassword() {
    ClusterTransport transport = create("amqp://me:s%40cret@h1:5673,h2,[::1]:5674/eu%2Fshop");
    assertThat(transport.describe())
        .isEqualTo("amqp://me:***@h1:5673,h2:5672,::1:5674/eu/shop")
        .doesNotContain("cret");
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp:",
        "amqp://",
        "amqp://me:secret@h1:99999",
        "amqp://me:secret@h1:x",
        "amqp://me:secret@h1,,h2",
        "amqp://me:secret@h1/v?x=1",
        "amqp://me:%zzsecret@h1"
      })
  void create_malformedUri_namesTheFormAndHidesThePassword(String uri) {
    assertThatThrownBy(() -> create(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("amqp://user:password@host:port")
        .hasMessageNotContaining("secret");
  }

  @Test
  void create_settingOutOfRange_namesRuleAndValue() {
    AmqpTransportProvider provider = new AmqpTransportProvider();
    assertThatThrownBy(() -> provider.create("amqp://h", "shop", Map.of("prefetch", "0")))
        .hasMessage("prefetch must be a number from 1 to 65535, but was 0");
    assertThatThrownBy(() -> provider.create("amqp://h", "shop", Map.of("heartbeat", "3 ms")))
        .hasMessageContaining("heartbeat must be a duration from 1000 ms")
        .hasMessageContaining("but was 3 ms");
  }

  @Test
  void start_nobodyListens_reportsUnreachable() throws Exception {
    ClusterTransport transport = create("amqp://me:secret@127.0.0.1:" + deadPort());
    CompletableFuture<TransportException> failure = new CompletableFuture<>();
    transport.start(
        new ConnectionListener() {
          @Override
          public void connected() {}

          @Override
          public void disconnected(TransportException cause) {
            failure.complete(cause);
          }
        });
    TransportException cause = failure.get(20, TimeUnit.SECONDS);
    transport.close();
    assertThat(cause.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(cause).hasMessageContaining("me:***@").hasMessageContaining("is it running");
  }

  private static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
