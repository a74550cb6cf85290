// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DatasetTest {

  @Test
  void zoneTransitions_always_areThoseOfThirtyYears() {
    Dataset<ZoneTransition> set = ZoneTransitions.dataset(Edition.CORRECTED);

    assertThat(set.size()).isBetween(11_000, 14_000);
    assertThat(set.entries())
        .containsEntry(
            "Europe/Berlin#2031-03-30T01:00:00Z",
            new ZoneTransition(
                "Europe/Berlin", Instant.parse("2031-03-30T01:00:00Z"), 3_600, 7_200));
    assertThat(set.entries().values())
        .allSatisfy(
            transition ->
                assertThat(transition.at())
                    .isBetween(
                        Instant.parse("2025-01-01T00:00:00Z"),
                        Instant.parse("2054-12-31T23:59:59Z")));
  }

  @Test
  void currencyNames_always_areAllCurrenciesInAHundredLanguages() {
    Dataset<String> set = CurrencyNames.dataset();

    assertThat(new HashSet<>(CurrencyNames.LANGUAGES)).hasSize(100);
    assertThat(set.size()).isEqualTo(100 * Currency.getAvailableCurrencies().size());
    assertThat(set.size()).isGreaterThan(22_000);
    assertThat(set.entries()).containsEntry("de/CHF", "Schweizer Franken");
  }

  @Test
  void currencyNames_always_areTranslated() {
    Currency euro = Currency.getInstance("EUR");

    assertThat(CurrencyNames.LANGUAGES.stream().map(Locale::forLanguageTag))
        .allSatisfy(
            locale -> assertThat(euro.getDisplayName(locale)).isNotEqualTo(euro.toString()));
  }

  @Test
  void dataset_computedTwice_isEqual() {
    assertThat(ZoneTransitions.dataset(Edition.FIRST))
        .isEqualTo(ZoneTransitions.dataset(Edition.FIRST));
    assertThat(CurrencyNames.dataset()).isEqualTo(CurrencyNames.dataset());
    assertThat(ZoneTransitions.corrections()).isEqualTo(ZoneTransitions.corrections());
  }

  @Test
  void corrections_always_areWhatTellsTheEditionsApart() {
    Dataset<ZoneTransition> first = ZoneTransitions.dataset(Edition.FIRST);
    Dataset<ZoneTransition> corrected = ZoneTransitions.dataset(Edition.CORRECTED);

    List<String> different =
        corrected.entries().entrySet().stream()
            .filter(entry -> !entry.getValue().equals(first.entries().get(entry.getKey())))
            .map(java.util.Map.Entry::getKey)
            .toList();

    assertThat(first.entries().keySet()).isEqualTo(corrected.entries().keySet());
    assertThat(different).hasSize(ZoneTransitions.CORRECTIONS);
    assertThat(ZoneTransitions.corrections().stream().map(ZoneTransition::key))
        .containsExactlyInAnyOrderElementsOf(different);
    assertThat(ZoneTransitions.corrections())
        .allSatisfy(
            correction ->
                assertThat(corrected.entries()).containsEntry(correction.key(), correction));
  }
}
