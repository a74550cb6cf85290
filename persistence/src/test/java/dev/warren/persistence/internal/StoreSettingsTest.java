// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {

  @Test
  void parse_nothing_isDefaults() {
    assertThat(StoreSettings.parse(Map.of())).isEqualTo(StoreSettings.DEFAULTS);
  }

  @Test
  void parse_all_readsUnits() {
    assertThat(
            StoreSettings.parse(
                Map.of(
                    "server-selection-timeout", "250",
                    "purge-time", "30 days",
                    "drop-after", "90s")))
        .isEqualTo(
            new StoreSettings(Duration.ofMillis(250), Duration.ofDays(30), Duration.ofSeconds(90)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1 week", "3 ms", "11 m", "99999999999999999999"})
  void parse_badDuration_namesRuleAndValue(String value) {
    assertThatThrownBy(() -> StoreSettings.parse(Map.of("server-selection-timeout", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "server-selection-timeout must be a duration from 10 ms to 600 s, such as 5 s, but was "
                + value);
  }

  @Test
  void parse_unknownName_isRefused() {
    assertThatThrownBy(() -> StoreSettings.parse(Map.of("purgetime", "1 d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("purgetime")
        .hasMessageContaining("purge-time");
  }
}
