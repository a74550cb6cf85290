// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The display names of all currencies in 100 languages. */
public final class CurrencyNames {

  /** Fixed, so that the size depends on the JDK's currencies alone; each is known to JDK 17. */
  static final List<String> LANGUAGES =
      List.of(
          "af", "am", "ar", "as", "ast", "az", "be", "bg", "bn", "br", "bs", "ca", "ce", "chr",
          "cs", "cy", "da", "de", "dsb", "ee", "el", "es", "et", "eu", "fa", "fi", "fo", "fr", "fy",
          "ga", "gd", "gl", "gsw", "gu", "ha", "he", "hi", "hr", "hsb", "hu", "hy", "ia", "id",
          "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "kok", "ksh", "ky", "lb", "lo",
          "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn", "or", "pa", "pl",
          "ps", "pt", "qu", "rm", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta",
          "te", "th", "tk", "tr", "ug", "uk", "ur", "uz", "vi", "yo", "yue", "zh", "zu");

  private CurrencyNames() {}

  /** Keys such as {@code de/CHF}, values such as {@code Schweizer Franken}. */
  public static Dataset<String> dataset() {
    SortedMap<String, String> entries = new TreeMap<>();
    for (String language : LANGUAGES) {
      Locale locale = Locale.forLanguageTag(language);
      for (Currency currency : Currency.getAvailableCurrencies()) {
        entries.put(language + "/" + currency.getCurrencyCode(), currency.getDisplayName(locale));
      }
    }
    return new Dataset<>("currency names", entries);
  }
}
