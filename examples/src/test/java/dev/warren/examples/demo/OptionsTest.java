// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void parse_nothing_isEmbedded() {
    assertThat(Options.parse(List.of()))
        .isEqualTo(new Options(null, null, false, false, false, false, false, false));
  }

  @Test
  void parse_everyOption_isTaken() {
    assertThat(
            Options.parse(
                List.of(
                    "--log",
                    "amqps://u:p@h",
                    "--persistence",
                    "mongodb+srv://h",
                    "--keep",
                    "--plain",
                    "-h",
                    "--plant-wrong-answer")))
        .isEqualTo(
            new Options("amqps://u:p@h", "mongodb+srv://h", false, false, true, true, true, true));
    assertThat(Options.parse(List.of("--rabbitmq")).rabbitmq()).isTrue();
    assertThat(Options.parse(List.of("--rabbitmq")).docker()).isFalse();
    assertThat(Options.parse(List.of("--rabbitmq=docker")))
        .extracting(Options::rabbitmq, Options::docker)
        .containsExactly(true, true);
  }

  @Test
  void parse_valueAfterAnEqualsSign_isTaken() {
    Options options = Options.parse(List.of("--log=amqp://h/?a=b", "--persistence=mongodb://h"));

    assertThat(options.log()).isEqualTo("amqp://h/?a=b");
    assertThat(options.persistence()).isEqualTo("mongodb://h");
  }

  @Test
  void parse_unknownOption_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("--fast")))
        .withMessage("unknown option '--fast'; ./demo --help lists them");
  }

  @Test
  void parse_twoBrokers_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("--rabbitmq", "--log", "amqp://h")))
        .withMessageContaining("choose one");
  }

  @Test
  void parse_otherScheme_isRefusedWithoutThePassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("--log", "http://u:secret@h")))
        .withMessage(
            "--log needs an address that begins with amqp:// or amqps://, but it began with http://");
  }

  @Test
  void parse_missingValue_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("--persistence")))
        .withMessageStartingWith("--persistence needs an address");
  }
}
