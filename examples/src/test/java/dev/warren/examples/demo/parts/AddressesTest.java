// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

  @Test
  void amqpAddress_withPassword_isShownWithout() {
    assertThat(new AmqpAddress("amqp://shop:secret@h1:5672,h2:5672/vhost").shown())
        .isEqualTo("amqp://shop:***@h1:5672,h2:5672/vhost");
  }

  @Test
  void amqpAddress_malformed_isRefusedWithoutPassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AmqpAddress("amqp://shop:secret@"))
        .withMessageContaining("amqp://shop:***@")
        .withMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://u:secret@h:99999",
        "amqp://u:secret@h:0",
        "amqp://u:secret@h:x",
        "amqp://u:secret@h1,h2:70000/v",
        "amqp://u:sec@ret@h"
      })
  void amqpAddress_thatCannotBe_isRefusedWithoutPassword(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AmqpAddress(uri))
        .withMessageContaining("amqp://u:***@h")
        .withMessageNotContaining("ret@");
  }

  @Test
  void ownDatabase_nobodyListens_saysWhyInOneLine() throws IOException {
    String uri = "mongodb://u:secret@127.0.0.1:" + new FreePorts().next();

    assertThatIOException()
        .isThrownBy(() -> OwnDatabase.of(uri, "own").probe())
        .withMessage(
            "cannot reach MongoDB at %s/own: ConnectException: Connection refused"
                .formatted(uri.replace("secret", "***")));
  }

  @Test
  void amqpAddress_nobodyListens_saysSo() throws IOException {
    AmqpAddress address =
        new AmqpAddress("amqp://guest:secret@127.0.0.1:" + new FreePorts().next());

    assertThatIOException()
        .isThrownBy(address::probe)
        .withMessageContaining("cannot reach a broker at amqp://guest:***@127.0.0.1:")
        .withMessageNotContaining("secret");
  }

  @Test
  void ownDatabase_anyForm_replacesTheDatabase() {
    assertThat(OwnDatabase.of("mongodb://h:1", "own").uri()).isEqualTo("mongodb://h:1/own");
    assertThat(OwnDatabase.of("mongodb://h:1/", "own").uri()).isEqualTo("mongodb://h:1/own");
    assertThat(OwnDatabase.of("mongodb://h/shop?w=1", "own").uri())
        .isEqualTo("mongodb://h/own?w=1");
    assertThat(OwnDatabase.of("mongodb://h1,h2/?w=1", "own").uri())
        .isEqualTo("mongodb://h1,h2/own?w=1");
  }

  @Test
  void ownDatabase_userOfADatabase_staysThatUser() {
    assertThat(OwnDatabase.of("mongodb://u:p@h/shop", "own").uri())
        .isEqualTo("mongodb://u:p@h/own?authSource=shop");
    assertThat(OwnDatabase.of("mongodb://u:p@h/shop?authSource=admin", "own").uri())
        .isEqualTo("mongodb://u:p@h/own?authSource=admin");
  }

  @Test
  void ownDatabase_malformed_isRefusedWithoutPassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OwnDatabase.of("mongodb://u:secret@:x:y/", "own"))
        .withMessageContaining("--persistence must look like")
        .withMessageNotContaining("secret");
  }

  @Test
  void next_manyTimes_neverGivesAPortTwice() throws IOException {
    FreePorts ports = new FreePorts();
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertThat(given.add(ports.next())).isTrue();
    }
  }
}
