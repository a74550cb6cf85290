// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.api.WarrenCache;
import java.time.Duration;
import javax.cache.CacheException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of the keys that Spring makes a shared cache takes, here on a log in this JVM. */
class SharedCacheTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  @Test
  void cacheable_sharedCache_takesOneParameterAndRefusesSimpleKeys() {
    try (RunningApplication application =
        RunningApplication.start("classpath:spring-shared.conf")) {
      application.cache("books").unwrap(WarrenCache.class).awaitReady(Duration.ofSeconds(30));
      application.cache("pages").unwrap(WarrenCache.class).awaitReady(Duration.ofSeconds(30));
      Shelf shelf = application.bean(Shelf.class);
      assertThat(shelf.find("978-1")).isEqualTo(shelf.find("978-1"));
      assertThat(application.calls()).isEqualTo(1);
      assertThatThrownBy(() -> shelf.page("978-1", 12))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("cannot be (part of) a key");
    }
  }
}
