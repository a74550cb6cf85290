// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.frameworks.NoWarnings;
import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import jakarta.persistence.LockModeType;
import jakarta.persistence.SharedCacheMode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.h2.jdbcx.JdbcDataSource;
import org.hibernate.Hibernate;
import org.hibernate.KeyType;
import org.hibernate.SessionFactory;
import org.hibernate.cache.jcache.internal.JCacheRegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.stat.CacheRegionStatistics;
import org.hibernate.tool.schema.Action;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hibernate's second-level and query cache, all in Warren. Each test begins with the same rows and
 * empty caches; a read that the caches answer prepares no statement.
 */
class SecondLevelCacheTest {
  @RegisterExtension
  @Order(0)
  static final NoWarnings NO_WARNINGS = new NoWarnings();

  private static SessionFactory factory;
  private static CacheManager manager;

  @BeforeAll
  static void start() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:books;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000");
    factory =
        new HibernatePersistenceConfiguration("books")
            .managedClasses(Book.class, Chapter.class, Publisher.class)
            .property("hibernate.connection.datasource", database)
            .property("hibernate.cache.region.factory_class", "jcache")
            .property("hibernate.javax.cache.provider", WarrenCachingProvider.class.getName())
            .property("hibernate.javax.cache.uri", "hibernate-caches.conf")
            .property("hibernate.javax.cache.missing_cache_strategy", "create")
            .property("hibernate.cache.use_query_cache", "true")
            .sharedCacheMode(SharedCacheMode.ENABLE_SELECTIVE)
            .collectStatistics(true)
            .schemaToolingAction(Action.CREATE_DROP)
            .createEntityManagerFactory();
    manager =
        ((JCacheRegionFactory)
                factory.unwrap(SessionFactoryImplementor.class).getCache().getRegionFactory())
            .getCacheManager();
  }

  @AfterAll
  static void stop() {
    factory.close();
  }

  @BeforeEach
  void fill() {
    factory.getSchemaManager().truncateMappedObjects();
    factory.getCache().evictAllRegions();
    factory.inTransaction(
        session -> {
          Publisher publisher = new Publisher(7, "North");
          session.persist(publisher);
          Book book = new Book(1, "978-1", "Rabbits");
          book.publisher = publisher;
          book.binding = Book.Binding.CLOTH;
          book.published = LocalDate.of(2026, 11, 21);
          book.cover = new byte[] {1, 2, 3};
          book.tags.addAll(Set.of("fur", "ears"));
          book.chapters.add(new Chapter(11, "Burrows", book));
          book.chapters.add(new Chapter(12, "Carrots", book));
          session.persist(book);
          session.persist(new Book(2, "978-2", "Foxes"));
        });
    factory.getCache().evictAllRegions();
    factory.getStatistics().clear();
  }

  // ---- where it is kept ---------------------------------------------------------------------

  @Test
  void regions_ofAllKinds_areCachesOfWarren() {
    read();
    titlesOfCloth();
    assertThat(manager.getCachingProvider()).isInstanceOf(WarrenCachingProvider.class);
    assertThat(manager.getCacheNames())
        .contains("books", "chapters", "chapters of books", "isbns", "publishers", "tags")
        .contains("queries", "default-update-timestamps-region");
    for (String name : manager.getCacheNames()) {
      assertThat((Object) manager.getCache(name).unwrap(WarrenCache.class)).isNotNull();
    }
    assertThat(size("books")).isEqualTo(1);
    assertThat(size("chapters")).isEqualTo(2);
  }

  // ---- entities -----------------------------------------------------------------------------

  @Test
  void find_entityReadBefore_comesFromWarrenWhole() {
    read();
    long statements = statements();
    Book book = read();
    assertThat(statements()).as("statements").isEqualTo(statements);
    assertThat(region("books").getHitCount()).isEqualTo(1);
    assertThat(region("books").getMissCount()).isEqualTo(1);
    assertThat(book.title).isEqualTo("Rabbits");
    assertThat(book.binding).isEqualTo(Book.Binding.CLOTH);
    assertThat(book.published).isEqualTo(LocalDate.of(2026, 11, 21));
    assertThat(book.price.amount).isEqualByComparingTo(new BigDecimal("9.90"));
    assertThat(book.cover).containsExactly(1, 2, 3);
    assertThat(book.publisher).isNotNull();
    assertThat(Hibernate.unproxy(book.publisher, Publisher.class).name).isEqualTo("North");
    assertThat(region("publishers").getHitCount()).isEqualTo(1);
  }

  @Test
  void find_resultChangedOutsideASession_leavesTheCacheAsItWas() {
    Book mine = read();
    mine.cover[0] = 99;
    mine.tags.clear();
    Book again = read();
    again.cover[1] = 99;
    assertThat(read().cover).containsExactly(1, 2, 3);
    assertThat(read().tags).containsExactlyInAnyOrder("fur", "ears");
  }

  @Test
  void find_entityUpdatedByAnotherSession_comesFromWarrenNew() {
    read();
    factory.inTransaction(session -> session.find(Book.class, 1L).title = "More Rabbits");
    long statements = statements();
    assertThat(read().title).isEqualTo("More Rabbits");
    assertThat(statements()).as("statements").isEqualTo(statements);
  }

  @Test
  void find_duringAnUpdate_readsTheDatabase() {
    read();
    factory.inTransaction(
        session -> {
          session.find(Book.class, 1L).title = "Not yet";
          session.flush();
          long statements = statements();
          assertThat(read().title).as("in another session").isEqualTo("Rabbits");
          assertThat(statements()).as("statements").isGreaterThan(statements);
        });
    assertThat(read().title).isEqualTo("Not yet");
  }

  @Test
  void find_updateRolledBack_givesWhatWas() {
    read();
    assertThatThrownBy(
            () ->
                factory.inTransaction(
                    session -> {
                      session.find(Book.class, 1L).title = "Never";
                      session.flush();
                      throw new IllegalStateException("changed my mind");
                    }))
        .hasMessage("changed my mind");
    assertThat(read().title).isEqualTo("Rabbits");
  }

  @Test
  void find_entityRemoved_isGone() {
    read();
    factory.inTransaction(session -> session.remove(session.find(Book.class, 1L)));
    assertThat(factory.<Book>fromSession(session -> session.find(Book.class, 1L))).isNull();
  }

  @Test
  void find_bulkUpdate_isInvalidated() {
    read();
    factory.inTransaction(
        session ->
            session
                .createMutationQuery("update Book set title = 'Hares' where id = 1")
                .executeUpdate());
    assertThat(size("books")).isZero();
    assertThat(read().title).isEqualTo("Hares");
  }

  /** Soft locks of the strategy read-write, taken by four threads on one key. */
  @Test
  void find_afterRacingUpdates_isWhatTheDatabaseHas() throws Exception {
    int threads = 4;
    int rounds = 25;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        writers.add(
            executor.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    factory.inTransaction(
                        session -> {
                          Book book = session.find(Book.class, 1L, LockModeType.PESSIMISTIC_WRITE);
                          book.title = "Rabbits " + (book.version + 1);
                        });
                    read();
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      executor.shutdownNow();
    }
    int expected = threads * rounds;
    assertThat(read().title).isEqualTo("Rabbits " + expected);
    assertThat(read().version).isEqualTo(expected);
    assertThat(region("books").getHitCount()).as("the last read at least").isPositive();
  }

  // ---- collections and natural ids ----------------------------------------------------------

  @Test
  void collections_readBefore_comeFromWarren() {
    read();
    Book book = read();
    assertThat(region("chapters of books").getHitCount()).isEqualTo(1);
    assertThat(region("tags").getHitCount()).isEqualTo(1);
    assertThat(book.chapters)
        .extracting(chapter -> chapter.title)
        .containsExactlyInAnyOrder("Burrows", "Carrots");
    assertThat(book.tags).containsExactlyInAnyOrder("fur", "ears");
  }

  @Test
  void collections_changed_areInvalidated() {
    read();
    factory.inTransaction(
        session -> {
          Book book = session.find(Book.class, 1L);
          book.chapters.add(new Chapter(13, "Dreams", book));
          book.chapters.removeIf(chapter -> chapter.title.equals("Carrots"));
          book.tags.remove("fur");
        });
    Book book = read();
    assertThat(book.chapters)
        .extracting(chapter -> chapter.title)
        .containsExactlyInAnyOrder("Burrows", "Dreams");
    assertThat(book.tags).containsExactly("ears");
  }

  @Test
  void naturalId_resolvedBefore_comesFromWarren() {
    assertThat(titleByIsbn("978-2")).isEqualTo("Foxes");
    long statements = statements();
    assertThat(titleByIsbn("978-2")).isEqualTo("Foxes");
    assertThat(statements()).as("statements").isEqualTo(statements);
    assertThat(factory.getStatistics().getNaturalIdCacheHitCount()).isEqualTo(1);
  }

  // ---- queries ------------------------------------------------------------------------------

  @Test
  void query_ranBefore_isAnsweredByWarren() {
    assertThat(titlesOfCloth()).containsExactly("Rabbits");
    long statements = statements();
    assertThat(titlesOfCloth()).containsExactly("Rabbits");
    assertThat(statements()).as("statements").isEqualTo(statements);
    assertThat(factory.getStatistics().getQueryCacheHitCount()).isEqualTo(1);
    assertThat(factory.getStatistics().getQueryCacheMissCount()).isEqualTo(1);
    assertThat(size("queries")).isEqualTo(1);
  }

  @Test
  void query_otherParameter_isAnotherEntry() {
    assertThat(titles(Book.Binding.CLOTH)).containsExactly("Rabbits");
    assertThat(titles(Book.Binding.PAPER)).containsExactly("Foxes");
    assertThat(titles(Book.Binding.PAPER)).containsExactly("Foxes");
    assertThat(factory.getStatistics().getQueryCacheHitCount()).isEqualTo(1);
    assertThat(size("queries")).isEqualTo(2);
  }

  /** What makes a result stale is kept in the region of time stamps. */
  @Test
  void query_tableChanged_runsAgain() {
    titlesOfCloth();
    factory.inTransaction(session -> session.find(Book.class, 2L).binding = Book.Binding.CLOTH);
    assertThat(titlesOfCloth()).containsExactly("Foxes", "Rabbits");
    assertThat(factory.getStatistics().getQueryCacheHitCount()).isZero();
    assertThat(titlesOfCloth()).containsExactly("Foxes", "Rabbits");
    assertThat(factory.getStatistics().getQueryCacheHitCount()).isEqualTo(1);
  }

  // ---- what the tests use -------------------------------------------------------------------

  /** Book 1 with its publisher, chapters and tags, read in a session of its own. */
  private static Book read() {
    return factory.fromSession(
        session -> {
          Book book = session.find(Book.class, 1L);
          assertThat(book).isNotNull();
          book.chapters.forEach(chapter -> assertThat(chapter.title).isNotEmpty());
          assertThat(book.tags).isNotNull().hasSizeLessThan(10);
          Hibernate.initialize(book.publisher);
          return book;
        });
  }

  private static String titleByIsbn(String isbn) {
    return factory.fromSession(session -> session.find(Book.class, isbn, KeyType.NATURAL).title);
  }

  private static List<String> titlesOfCloth() {
    return titles(Book.Binding.CLOTH);
  }

  private static List<String> titles(Book.Binding binding) {
    return factory.fromSession(
        session ->
            session
                .createSelectionQuery(
                    "from Book where binding = :binding order by title", Book.class)
                .setParameter("binding", binding)
                .setCacheable(true)
                .setCacheRegion("queries")
                .getResultList()
                .stream()
                .map(book -> book.title)
                .toList());
  }

  private static long statements() {
    return factory.getStatistics().getPrepareStatementCount();
  }

  private static CacheRegionStatistics region(String name) {
    CacheRegionStatistics statistics = factory.getStatistics().getCacheRegionStatistics(name);
    assertThat(statistics).as("statistics of region %s", name).isNotNull();
    return statistics;
  }

  private static long size(String name) {
    Cache<Object, Object> cache = manager.getCache(name);
    assertThat(cache).as("cache %s", name).isNotNull();
    return cache.unwrap(WarrenCache.class).size();
  }
}
