// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.api.WarrenCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The annotations of JSR-107 in a Spring Boot application whose caches are Warren's. */
class StandardAnnotationsTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  private RunningApplication application;
  private StandardShelf shelf;

  @BeforeEach
  void start() {
    application = RunningApplication.start();
    shelf = application.bean(StandardShelf.class);
  }

  @AfterEach
  void stop() {
    application.close();
  }

  @Test
  void cacheResult_secondCall_isAnsweredByWarren() {
    Book first = shelf.find("978-1");
    assertThat(shelf.find("978-1")).isEqualTo(first);
    assertThat(application.calls()).isEqualTo(1);
    assertThat(application.cache("standard").get("978-1")).isEqualTo(first);
    assertThat((Object) application.cache("standard").unwrap(WarrenCache.class)).isNotNull();
  }

  @Test
  void cacheResult_resultChanged_leavesTheCacheAsItWas() {
    shelf.find("978-1").authors().add("nobody");
    shelf.find("978-1").authors().clear();
    assertThat(shelf.find("978-1").authors()).containsExactly("Anna");
  }

  @Test
  void cacheResult_skipGet_callsAndKeepsWhatComes() {
    shelf.find("978-1");
    assertThat(shelf.findAnew("978-1").title()).isEqualTo("title 2");
    assertThat(shelf.find("978-1").title()).isEqualTo("title 2");
  }

  @Test
  void cacheResult_exception_isKeptAndThrownAgain() {
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> shelf.findOrFail("978-1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no such book: 978-1, 1");
    }
    assertThat(application.calls()).isEqualTo(1);
    assertThat(application.size("failures")).isEqualTo(1);
    assertThat(application.size("standard")).isZero();
  }

  @Test
  void cacheKey_severalParameters_areTheKey() {
    String page = shelf.page("978-1", 12, "Anna");
    assertThat(shelf.page("978-1", 12, "Bert")).isEqualTo(page);
    assertThat(shelf.page("978-1", 13, "Anna")).isNotEqualTo(page);
    assertThat(application.size("pages")).isEqualTo(2);
  }

  @Test
  void cachePut_value_isWhatCacheResultFinds() {
    shelf.store("978-1", Book.of("978-1", "Rabbits"));
    assertThat(shelf.find("978-1").title()).isEqualTo("Rabbits");
    assertThat(application.calls()).isZero();
  }

  @Test
  void cachePut_beforeInvocation_isKeptThoughTheMethodThrows() {
    assertThatThrownBy(() -> shelf.storeAndFail("978-1", Book.of("978-1", "Rabbits")))
        .hasMessageContaining("stored before");
    assertThat(shelf.find("978-1").title()).isEqualTo("Rabbits");
  }

  @Test
  void cacheRemove_oneKey_takesThatOneOut() {
    shelf.find("978-1");
    shelf.find("978-2");
    shelf.remove("978-1");
    assertThat(application.cache("standard").containsKey("978-1")).isFalse();
    assertThat(application.cache("standard").containsKey("978-2")).isTrue();
    assertThatThrownBy(() -> shelf.removeAndFail("978-2")).hasMessage("not removed");
    assertThat(application.cache("standard").containsKey("978-2")).isTrue();
  }

  @Test
  void cacheRemoveAll_entriesAndOtherCaches_onlyItsOwnAreGone() {
    shelf.find("978-1");
    shelf.find("978-2");
    shelf.page("978-1", 1, "Anna");
    shelf.removeAll();
    assertThat(application.size("standard")).isZero();
    assertThat(application.size("pages")).isEqualTo(1);
  }
}
