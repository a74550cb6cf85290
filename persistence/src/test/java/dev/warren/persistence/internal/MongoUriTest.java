// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MongoUriTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mongodb://h:1 | mongodb://h:1",
        "mongodb://u:secret@h:1/d | mongodb://u:***@h:1/d",
        "mongodb://u:secret@h:1,g:2/d?w=1 | mongodb://u:***@h:1,g:2/d?w=1",
        "mongodb+srv://u:secret@h/d | mongodb+srv://u:***@h/d",
        "mongodb://h/?proxyHost=p&proxyUsername=x&proxyPassword=secret&w=1 |"
            + " mongodb://h/?proxyHost=p&proxyUsername=x&proxyPassword=***&w=1",
      })
  void display_anyAddress_hidesPasswords(String uri, String shown) {
    assertThat(MongoUri.parse("s", uri).display()).isEqualTo(shown);
    assertThat(MongoUri.parse("s", uri).toString()).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mongodb://u:se:cret@h:1",
        "mongodb://u:se@cret@h:1",
        "mongodb://u:se/cret@h:1",
        "mongodb://u:se%cret@h:x",
        "mongodb://u:secret@h:notaport",
        "mongodb://u:secret@",
        "mongodb://u:secret@h:99999",
        "http://u:secret@h",
        "mongodb+srv://u:secret@",
        "mongodb+srv://u:secret@/db",
      })
  void parse_malformed_isRefusedWithoutThePassword(String uri) {
    assertThatThrownBy(() -> MongoUri.parse("warren.persistence", uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("warren.persistence must be")
        .hasMessageContaining("***")
        .hasMessageNotContaining("cret")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mongodb", "mongodb:", "mongodb://", "localhost:27017", "://"})
  void parse_notAnAddress_isRefused(String uri) {
    assertThatThrownBy(() -> MongoUri.parse("warren.persistence", uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("warren.persistence must be");
  }

  @Test
  void database_notNamed_isWarren() {
    assertThat(MongoUri.database(MongoUri.parse("s", "mongodb://h").connectionString()))
        .isEqualTo("warren");
    assertThat(MongoUri.database(MongoUri.parse("s", "mongodb://h/").connectionString()))
        .isEqualTo("warren");
    assertThat(MongoUri.database(MongoUri.parse("s", "MongoDB://h/own").connectionString()))
        .isEqualTo("own");
  }
}
