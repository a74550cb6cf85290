// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
