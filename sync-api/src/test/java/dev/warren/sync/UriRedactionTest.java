// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UriRedactionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amqp://guest:secret@localhost:5672 | amqp://guest:***@localhost:5672",
        "amqp://u:p@h1:5672,h2:5672/v | amqp://u:***@h1:5672,h2:5672/v",
        "amqp://u:p@ss/w@h1/v | amqp://u:***@h1/v",
        "at amqp://u:p@h and mongodb://v:q@i/x | at amqp://u:***@h and mongodb://v:***@i/x",
        "amqp://u:p@h,amqp://v:q@i | amqp://u:***@h,amqp://v:***@i",
        "mongodb://h/d?ssl=true&password=p&x=1 | mongodb://h/d?ssl=true&password=***&x=1",
        "amqp://u://p@h | amqp://u:***@h",
        "//u:p@h | //u:***@h",
        "not u:p@ss@h:5672 here | not u:***@h:5672 here",
        "amqp:u:p@h | amqp:***@h",
        "mongodb://localhost:27017/warren | mongodb://localhost:27017/warren"
      })
  void redact_uri_hidesPassword(String text, String expected) {
    assertThat(UriRedaction.redact(text)).isEqualTo(expected);
  }
}
