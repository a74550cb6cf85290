// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Properties;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that cannot be meant fail when the manager is asked for, and leave nothing behind. */
class MalformedAddressTest {
  private static final String SECRET = "s3cret";
  private static final URI NAME = URI.create("warren:malformed");

  private final Nodes nodes = new Nodes();

  private static CacheManager open(Properties settings) {
    CachingProvider provider = Caching.getCachingProvider();
    return provider.getCacheManager(NAME, provider.getDefaultClassLoader(), settings);
  }

  /** Twice alike; then the same manager with good settings. */
  private void assertRefused(String key, String address, String rule) {
    Properties settings = nodes.settings("memory:");
    settings.setProperty(key, address.replace("SECRET", SECRET));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> open(settings))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("WRN-0130")
          .hasMessageContaining(key)
          .hasMessageContaining(rule)
          .satisfies(
              thrown -> {
                for (Throwable t = thrown; t != null; t = t.getCause()) {
                  assertThat(t.toString()).doesNotContain(SECRET);
                }
              });
      assertThat(nodes.threads()).isEmpty();
    }
    try (CacheManager good = open(new Properties())) {
      assertThat(good.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amqp:                          | amqp://user:password@host:port
          amqp://                        | amqp://user:password@host:port
          amqp:me:SECRET@h               | amqp://user:password@host:port
          amqp://me:SECRET@h:99999       | me:***@h:99999
          amqp://me:SECRET@h:x           | me:***@h:x
          amqp://me:SECRET@h1,,h2        | me:***@h1,,h2
          amqp://me:%zzSECRET@h          | percent-encoded
          amqp://me:SECRET/x@h           | percent-encoded
          rabbit://me:SECRET@h           | had "rabbit": add warren-sync-transport
          me:SECRET@h                    | had "me"
          //me:SECRET@h                  | begin it with a scheme such as amqp://
          ME:SECRET@h:5672               | begin it with a scheme such as amqp://
          AMQP://me:SECRET@h             | begin it with a scheme such as amqp://
          me:SECRET                      | had "me"
          nonsense                       | begin it with a scheme such as amqp://
          """)
  void getCacheManager_malformedLog_isRefusedAndNothingIsLeft(String address, String rule) {
    assertRefused("warren.log", address, rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mongodb:                       | mongodb://user:password@host:27017/warren
          mongodb://                     | mongodb://user:password@host:27017/warren
          mongodb://me:SECRET@           | me:***@
          mongodb://me:SECRET@h:x        | me:***@h:x
          mongodb://me:SEC@RET@h/a b     | special characters
          mongodb+srv://me:SECRET@       | no host is named
          mango://me:SECRET@h            | had "mango": add warren-persistence
          //me:SECRET@h                  | begin it with a scheme such as mongodb://
          embedded:?port=99999           | port
          embedded:?prot=1               | prot
          """)
  void getCacheManager_malformedPersistence_isRefusedAndNothingIsLeft(String address, String rule) {
    assertRefused("warren.persistence", address, rule);
  }

  @Test
  void getCacheManager_unknownKey_isRefusedWithTheNearest() {
    Properties settings = nodes.settings("amqp://me:" + SECRET + "@h");
    settings.setProperty("warren.clsoe-timeout", "3s");
    assertThatThrownBy(() -> open(settings))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("WRN-0130")
        .hasMessageContaining("warren.clsoe-timeout")
        .hasMessageContaining("close-timeout")
        .hasMessageNotContaining(SECRET);
    assertThat(nodes.threads()).isEmpty();
  }

  @Test
  void getCacheManager_settingOfTheTransportOutOfRange_isRefused() {
    Properties settings = nodes.settings("amqp://me:" + SECRET + "@h");
    settings.setProperty("warren.transport.prefetch", "0");
    assertThatThrownBy(() -> open(settings))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("prefetch must be a number from 1 to 65535, but was 0");
    assertThat(nodes.threads()).isEmpty();
  }
}
