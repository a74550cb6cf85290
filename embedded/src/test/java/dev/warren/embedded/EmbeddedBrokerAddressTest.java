// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.TransportProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerAddressTest {

  @Test
  void parse_noParameters_hasTheDefaultPort() {
    assertThat(EmbeddedBrokerAddress.parse("embedded:").port()).isEqualTo(5690);
    assertThat(EmbeddedBrokerAddress.parse("EMBEDDED:?").port()).isEqualTo(5690);
  }

  @Test
  void parse_port_isTaken() {
    assertThat(EmbeddedBrokerAddress.parse("embedded:?port=65535").port()).isEqualTo(65_535);
    assertThat(EmbeddedBrokerAddress.parse("embedded:?memory=true&port=1").port()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedded",
        "amqp://h",
        "embedded://host",
        "embedded:5690",
        "embedded:?port=0",
        "embedded:?port=65536",
        "embedded:?port=x",
        "embedded:?port",
        "embedded:?memory=yes",
        "embedded:?prot=5690",
      })
  void parse_malformed_isRefused(String uri) {
    assertThatThrownBy(() -> EmbeddedBrokerAddress.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("warren.log must be embedded: or embedded:?port=5690, but ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded:?dir=x", "embedded:?memory=false"})
  void parse_wantsToKeepTheLog_isToldThatItCannot(String uri) {
    assertThatThrownBy(() -> EmbeddedBrokerAddress.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keeps everything in memory")
        .hasMessageContaining("warren.persistence");
  }

  @Test
  void provider_always_isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(TransportProvider.class))
        .anySatisfy(found -> assertThat(found.handles("embedded")).isTrue());
  }

  @Test
  void create_withoutTransportModule_saysWhatToAdd() {
    assertThatThrownBy(() -> new EmbeddedTransportProvider().create("embedded:", "c", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add dev.warren:warren-sync-transport");
  }
}
