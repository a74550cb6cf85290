// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.WarrenCachingProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spring's cache annotations in a Spring Boot application whose caches are Warren's. */
class SpringCacheTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  private RunningApplication application;
  private Shelf shelf;

  @BeforeEach
  void start() {
    application = RunningApplication.start();
    shelf = application.bean(Shelf.class);
  }

  @AfterEach
  void stop() {
    application.close();
  }

  @Test
  void application_started_hasItsCachesInWarrenAndClosesThem() {
    CacheManager manager = requireNonNull(application.manager().getCacheManager());
    assertThat(manager.getCachingProvider()).isInstanceOf(WarrenCachingProvider.class);
    assertThat(manager.getURI().toString()).endsWith("spring-caches.conf");
    assertThat(manager.getCacheNames())
        .containsExactlyInAnyOrder("books", "missing", "pages", "standard", "failures");
    application.close();
    assertThat(manager.isClosed()).isTrue();
  }

  @Test
  void cacheable_secondCall_isAnsweredByWarren() {
    Book first = shelf.find("978-1");
    assertThat(shelf.find("978-1")).isEqualTo(first);
    assertThat(application.calls()).isEqualTo(1);
    assertThat(application.cache("books").get("978-1")).isEqualTo(first);
  }

  @Test
  void cacheable_resultChanged_leavesTheCacheAsItWas() {
    Book first = requireNonNull(shelf.find("978-1"));
    first.authors().add("nobody");
    requireNonNull(shelf.find("978-1")).authors().clear();
    assertThat(requireNonNull(shelf.find("978-1")).authors()).containsExactly("Anna");
  }

  @Test
  void cacheable_null_isKept() {
    assertThat(shelf.findMissing("978-0")).isNull();
    assertThat(shelf.findMissing("978-0")).isNull();
    assertThat(application.calls()).isEqualTo(1);
    assertThat(application.size("missing")).isEqualTo(1);
  }

  @Test
  void cacheable_keysOfSeveralParametersAndOfNone_areFoundAgain() {
    String page = shelf.page("978-1", 12);
    assertThat(shelf.page("978-1", 12)).isEqualTo(page);
    assertThat(shelf.page("978-1", 13)).isNotEqualTo(page);
    assertThat(shelf.catalogue()).isEqualTo(shelf.catalogue());
    assertThat(application.calls()).isEqualTo(3);
  }

  @Test
  void cacheable_conditionAndUnless_keepOnlySome() {
    shelf.findSome("978-1");
    assertThat(application.size("books")).as("unless: title 1").isZero();
    shelf.findSome("978-1");
    shelf.findSome("978");
    assertThat(application.cache("books").containsKey("978-1")).isTrue();
    assertThat(application.size("books")).isEqualTo(1);
  }

  /** An entry processor that calls the method: the key is locked meanwhile. */
  @Test
  void cacheableSync_fourThreads_callTheMethodOnce() throws Exception {
    int threads = 4;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Book>> found = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        found.add(
            executor.submit(
                () -> {
                  together.await();
                  return shelf.findInOneThread("978-1");
                }));
      }
      for (Future<Book> book : found) {
        assertThat(book.get().title()).isEqualTo("title 1");
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(application.calls()).isEqualTo(1);
  }

  @Test
  void cacheableSync_methodThrows_itsExceptionComesOutAndNothingIsKept() {
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> shelf.findAndFail("978-1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no such book: 978-1");
    }
    assertThat(application.calls()).isEqualTo(2);
    assertThat(application.size("books")).isZero();
  }

  @Test
  void cachePut_afterwards_isWhatCacheableFinds() {
    shelf.find("978-1");
    shelf.store(Book.of("978-1", "Rabbits"));
    assertThat(requireNonNull(shelf.find("978-1")).title()).isEqualTo("Rabbits");
    assertThat(application.calls()).isEqualTo(1);
  }

  @Test
  void cacheEvict_oneKey_takesThatOneOut() {
    shelf.find("978-1");
    shelf.find("978-2");
    shelf.remove("978-1");
    assertThat(application.cache("books").containsKey("978-1")).isFalse();
    assertThat(application.cache("books").containsKey("978-2")).isTrue();
  }

  @Test
  void cacheEvict_methodThrows_dependsOnBeforeInvocation() {
    shelf.find("978-1");
    assertThatThrownBy(() -> shelf.removeAndFail("978-1")).hasMessage("not removed");
    assertThat(application.size("books")).isEqualTo(1);
    assertThatThrownBy(() -> shelf.clear()).hasMessage("cleared before");
    assertThat(application.size("books")).isZero();
  }

  @Test
  void caching_twoCaches_areBothChanged() {
    shelf.find("978-1");
    shelf.findMissing("978-1");
    shelf.removeEverywhere("978-1");
    assertThat(application.size("books")).isZero();
    assertThat(application.size("missing")).isZero();
  }
}
