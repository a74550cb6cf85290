// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedMongoAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"embedded:", "EMBEDDED:", "embedded:?"})
  void parse_nothingSaid_isDefaultPortAndHome(String uri) {
    EmbeddedMongoAddress address = EmbeddedMongoAddress.parse(uri);

    assertThat(address.port()).isEqualTo(27690);
    assertThat(address.dir())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".warren", "embedded-27690"));
  }

  @Test
  void parse_portAndDir_areTaken() {
    assertThat(EmbeddedMongoAddress.parse("embedded:?port=1&dir=/a%20b/../c+d"))
        .isEqualTo(new EmbeddedMongoAddress(1, Path.of("/c+d")));
    assertThat(EmbeddedMongoAddress.parse("embedded:?dir=rel").dir())
        .isEqualTo(Path.of("rel").toAbsolutePath());
    assertThat(EmbeddedMongoAddress.parse("embedded:?memory=true&port=65535"))
        .isEqualTo(new EmbeddedMongoAddress(65_535, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedded",
        "mongodb://h",
        "embedded://host",
        "embedded:?port=0",
        "embedded:?port=65536",
        "embedded:?port=x",
        "embedded:?port",
        "embedded:?memory=yes",
        "embedded:?memory=true&dir=x",
        "embedded:?dri=x",
        "embedded:?dir=%zz",
        "embedded:?dir=a%00b",
      })
  void parse_malformed_isRefused(String uri) {
    assertThatThrownBy(() -> EmbeddedMongoAddress.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("warren.persistence must be embedded: or");
  }

  @Test
  void create_withoutPersistenceModule_saysWhatToAdd() {
    assertThatThrownBy(() -> new EmbeddedSnapshotStoreProvider().create("embedded:", "c", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add dev.warren:warren-persistence");
  }
}
