// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.MutableEntry;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each operation in each state of its key, with and without loader and writer: one table of all
 * that can be seen from outside.
 *
 * <pre>
 * operation | state | mode | result | events | statistics | expiry policy | loader and writer
 * </pre>
 *
 * <p>State: the key is {@code absent}, {@code present} with value a, or absent with {@code zero}
 * creation expiry. Each row of an absent key is run for an expired one too, where the same must
 * happen after an EXPIRED. Mode: {@code plain}, {@code through} (reads load L, writes are written),
 * or {@code both}, where without loader and writer the last column is empty. Statistics: Hit, Miss,
 * Put, Removal. Expiry policy: asked for Creation, Access, Update.
 */
class OperationParityTest {
  private static final String TABLE =
      """
      get              | absent  | plain   | null  |                | M  |   |
      get              | absent  | through | L     | CREATED L      | M  | C | load
      get              | zero    | through | L     |                | M  | C | load
      get              | present | both    | a     |                | H  | A |
      getAll           | absent  | plain   | {}    |                | M  |   |
      getAll           | absent  | through | {k=L} | CREATED L      | M  | C | loadAll
      getAll           | present | both    | {k=a} |                | H  | A |
      containsKey      | absent  | both    | false |                |    |   |
      containsKey      | present | both    | true  |                |    |   |
      put              | absent  | both    | -     | CREATED b      | P  | C | write b
      put              | present | both    | -     | UPDATED a>b    | P  | U | write b
      put              | zero    | both    | -     |                |    | C | write b
      getAndPut        | absent  | both    | null  | CREATED b      | MP | C | write b
      getAndPut        | present | both    | a     | UPDATED a>b    | HP | U | write b
      getAndPut        | zero    | both    | null  |                | M  | C | write b
      putAll           | absent  | both    | -     | CREATED b      | P  | C | writeAll b
      putAll           | present | both    | -     | UPDATED a>b    | P  | U | writeAll b
      putAll           | zero    | both    | -     |                |    | C | writeAll b
      putIfAbsent      | absent  | both    | true  | CREATED b      | MP | C | write b
      putIfAbsent      | present | both    | false |                | H  |   |
      putIfAbsent      | zero    | both    | true  |                | M  | C | write b
      remove           | absent  | both    | false |                |    |   | delete
      remove           | present | both    | true  | REMOVED a      | R  |   | delete
      removeOther      | absent  | both    | false |                | M  |   |
      removeOther      | present | both    | false |                | H  | A |
      removeSame       | absent  | both    | false |                | M  |   |
      removeSame       | present | both    | true  | REMOVED a      | HR |   | delete
      getAndRemove     | absent  | both    | null  |                | M  |   | delete
      getAndRemove     | present | both    | a     | REMOVED a      | HR |   | delete
      replace          | absent  | both    | false |                | M  |   |
      replace          | present | both    | true  | UPDATED a>b    | HP | U | write b
      replaceOther     | absent  | both    | false |                | M  |   |
      replaceOther     | present | both    | false |                | H  | A |
      replaceSame      | absent  | both    | false |                | M  |   |
      replaceSame      | present | both    | true  | UPDATED a>b    | HP | U | write b
      getAndReplace    | absent  | both    | null  |                | M  |   |
      getAndReplace    | present | both    | a     | UPDATED a>b    | HP | U | write b
      removeAllKeys    | absent  | both    | -     |                |    |   | deleteAll
      removeAllKeys    | present | both    | -     | REMOVED a      | R  |   | deleteAll
      removeAll        | absent  | both    | -     |                |    |   |
      removeAll        | present | both    | -     | REMOVED a      | R  |   | deleteAll
      clear            | present | both    | -     |                |    |   |
      loadAll          | absent  | plain   | -     |                |    |   |
      loadAll          | absent  | through | -     | CREATED L      |    | C | loadAll
      loadAll          | present | both    | -     |                |    |   |
      reloadAll        | present | plain   | -     |                |    |   |
      reloadAll        | present | through | -     | UPDATED a>L    |    | U | loadAll
      iterate          | absent  | both    | -     |                |    |   |
      iterate          | present | both    | a     |                | H  | A |
      iterateRemove    | present | both    | a     | REMOVED a      | HR | A | delete
      nothing          | absent  | both    | null  |                | M  |   |
      nothing          | present | both    | null  |                | H  |   |
      exists           | absent  | both    | false |                | M  |   |
      exists           | present | both    | true  |                | H  |   |
      read             | absent  | plain   | null  |                | M  |   |
      read             | absent  | through | L     | CREATED L      | M  | C | load
      read             | present | both    | a     |                | H  | A |
      set              | absent  | both    | b     | CREATED b      | MP | C | write b
      set              | present | both    | b     | UPDATED a>b    | HP | U | write b
      set              | zero    | both    | b     |                | M  | C | write b
      readSet          | absent  | plain   | null  | CREATED b      | MP | C |
      readSet          | absent  | through | L     | CREATED b      | MP | C | load, write b
      readSet          | present | both    | a     | UPDATED a>b    | HP | U | write b
      delete           | absent  | both    | null  |                | M  |   | delete
      delete           | present | both    | null  | REMOVED a      | HR |   | delete
      readDelete       | absent  | plain   | null  |                | M  |   |
      readDelete       | absent  | through | L     |                | M  |   | load, delete
      readDelete       | present | both    | a     | REMOVED a      | HR |   | delete
      setDelete        | absent  | both    | null  |                | M  |   |
      setDelete        | present | both    | null  | REMOVED a      | HR |   | delete
      deleteSet        | absent  | both    | null  | CREATED b      | MP | C | write b
      deleteSet        | present | both    | null  | UPDATED a>b    | HP | U | write b
      deleteRead       | absent  | both    | null  |                | M  |   | delete
      deleteRead       | present | both    | null  | REMOVED a      | HR |   | delete
      fail             | absent  | both    | EPE   |                | M  |   |
      fail             | present | both    | EPE   |                | H  |   |
      """;

  /** Expired entries are skipped there, not removed. */
  private static final Set<String> BLIND = Set.of("containsKey", "loadAll", "iterate");

  private static final Map<String, Function<Cache<String, String>, @Nullable Object>> OPERATIONS =
      new TreeMap<>();

  private static void define(
      String name, Function<Cache<String, String>, @Nullable Object> operation) {
    OPERATIONS.put(name, operation);
  }

  /** A call that only has effects. */
  private static Object done(Runnable call) {
    call.run();
    return "-";
  }

  static {
    define("get", c -> c.get("k"));
    define("getAll", c -> c.getAll(Set.of("k")));
    define("containsKey", c -> c.containsKey("k"));
    define("put", c -> done(() -> c.put("k", "b")));
    define("getAndPut", c -> c.getAndPut("k", "b"));
    define("putAll", c -> done(() -> c.putAll(Map.of("k", "b"))));
    define("putIfAbsent", c -> c.putIfAbsent("k", "b"));
    define("remove", c -> c.remove("k"));
    define("removeOther", c -> c.remove("k", "x"));
    define("removeSame", c -> c.remove("k", "a"));
    define("getAndRemove", c -> c.getAndRemove("k"));
    define("replace", c -> c.replace("k", "b"));
    define("replaceOther", c -> c.replace("k", "x", "b"));
    define("replaceSame", c -> c.replace("k", "a", "b"));
    define("getAndReplace", c -> c.getAndReplace("k", "b"));
    define("removeAllKeys", c -> done(() -> c.removeAll(Set.of("k"))));
    define("removeAll", c -> done(c::removeAll));
    define("clear", c -> done(c::clear));
    define("loadAll", c -> done(() -> load(c, false)));
    define("reloadAll", c -> done(() -> load(c, true)));
    define("iterate", c -> iterate(c, false));
    define("iterateRemove", c -> iterate(c, true));
    define("nothing", c -> c.invoke("k", (e, a) -> null));
    define("exists", c -> c.invoke("k", (e, a) -> e.exists()));
    define("read", c -> c.invoke("k", (e, a) -> e.getValue()));
    define("set", c -> c.invoke("k", (e, a) -> set(e)));
    define("readSet", c -> c.invoke("k", OperationParityTest::readSet));
    define("delete", c -> c.invoke("k", (e, a) -> delete(e)));
    define("readDelete", c -> c.invoke("k", OperationParityTest::readDelete));
    define("setDelete", c -> c.invoke("k", (e, a) -> set(e) == null ? null : delete(e)));
    define("deleteSet", c -> c.invoke("k", OperationParityTest::deleteSet));
    define("deleteRead", c -> c.invoke("k", OperationParityTest::deleteRead));
    define("fail", OperationParityTest::fail);
  }

  private static String set(MutableEntry<String, String> entry) {
    entry.setValue("first");
    entry.setValue("b");
    return entry.getValue();
  }

  private static @Nullable String delete(MutableEntry<String, String> entry) {
    entry.remove();
    return null;
  }

  private static @Nullable String readSet(MutableEntry<String, String> entry, Object... args) {
    String value = entry.getValue();
    entry.setValue("b");
    return value;
  }

  private static @Nullable String readDelete(MutableEntry<String, String> entry, Object... args) {
    String value = entry.getValue();
    entry.remove();
    return value;
  }

  private static @Nullable String deleteSet(MutableEntry<String, String> entry, Object... args) {
    entry.remove();
    entry.setValue("b");
    return null;
  }

  private static @Nullable String deleteRead(MutableEntry<String, String> entry, Object... args) {
    entry.remove();
    return entry.getValue();
  }

  private static String fail(Cache<String, String> cache) {
    try {
      cache.invoke(
          "k",
          (entry, args) -> {
            entry.setValue("b");
            throw new IllegalStateException("planned");
          });
      return "no exception";
    } catch (EntryProcessorException e) {
      return "EPE";
    }
  }

  private static void load(Cache<String, String> cache, boolean replace) {
    CompletionListenerFuture future = new CompletionListenerFuture();
    cache.loadAll(Set.of("k"), replace, future);
    try {
      future.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String iterate(Cache<String, String> cache, boolean remove) {
    String value = "-";
    for (var entries = cache.iterator(); entries.hasNext(); ) {
      value = entries.next().getValue();
      if (remove) {
        entries.remove();
      }
    }
    return value;
  }

  @TestFactory
  Stream<DynamicTest> operations_inEachState_haveTheirEffects() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      Row row = Row.parse(line);
      for (boolean through : new boolean[] {false, true}) {
        if (row.mode.equals(through ? "plain" : "through")) {
          continue;
        }
        add(tests, row, through);
        if (row.state.equals("absent")) {
          add(tests, row.expired(), through);
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(150);
    return tests.stream();
  }

  /**
   * The same where only the store takes part: no listener, no policy of the user's, no loader, no
   * writer. Such operations go another way, without the key's lock. What the policy was asked for
   * shows in the time at which the entry expires.
   */
  @TestFactory
  Stream<DynamicTest> operations_nobodyTakesPart_haveTheSameResults() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      Row row = Row.parse(line);
      if (!row.mode.equals("through")) {
        addBare(tests, row, true);
        if (!row.state.equals("zero")) {
          addBare(tests, row, false);
        }
        if (row.state.equals("absent")) {
          addBare(tests, row.expired(), true);
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(150);
    return tests.stream();
  }

  private static void addBare(List<DynamicTest> tests, Row row, boolean touched) {
    String name = row.operation + " " + row.state + (touched ? " touched" : " eternal");
    tests.add(
        dynamicTest(
            name,
            () -> {
              try (Caches caches = new Caches("warren:parity")) {
                assertThat(runBare(caches, row, touched)).isEqualTo(row.expectedBare(touched));
              }
            }));
  }

  private static String runBare(Caches caches, Row row, boolean touched) throws Exception {
    Cache<String, String> cache = bare(caches, row, touched);
    Probe.clearStatistics();
    Object result = Probe.operation(row.operation).apply(cache);
    String statistics = Probe.statistics();
    String value = String.valueOf(cache.get("k"));

    caches.manager.destroyCache("parity"); // that get has moved the time
    cache = bare(caches, row, touched);
    assertThat(String.valueOf(Probe.operation(row.operation).apply(cache))).isEqualTo(row.result);
    caches.advance(9_000);
    boolean later = cache.containsKey("k");
    caches.advance(1_000);
    boolean last = cache.containsKey("k");
    return String.join(" | ", String.valueOf(result), value, statistics, later + " " + last);
  }

  /** A cache whose entry, if there is one, is a second old, or as old as it gets. */
  private static Cache<String, String> bare(Caches caches, Row row, boolean touched) {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setStatisticsEnabled(true);
    if (touched) {
      Duration duration = row.state.equals("zero") ? Duration.ZERO : Probe.TEN_SECONDS;
      configuration.setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(duration));
    }
    Cache<String, String> cache = caches.manager.createCache("parity", configuration);
    if (row.state.equals("present") || row.state.equals("expired")) {
      cache.put("k", "a");
    }
    caches.advance(row.state.equals("expired") ? 10_000 : 1_000);
    return cache;
  }

  private static void add(List<DynamicTest> tests, Row row, boolean through) {
    String name = row.operation + " " + row.state + (through ? " through" : " plain");
    tests.add(
        dynamicTest(
            name,
            () -> {
              try (Caches caches = new Caches("warren:parity")) {
                assertThat(new Probe(caches, row.state, through).run(row.operation))
                    .isEqualTo(row.expected(through));
              }
            }));
  }

  private record Row(
      String operation,
      String state,
      String mode,
      String result,
      String events,
      String statistics,
      String policy,
      String calls) {

    static Row parse(String line) {
      String[] c = line.split("\\|", -1);
      return new Row(
          c[0].strip(),
          c[1].strip(),
          c[2].strip(),
          c[3].strip(),
          c[4].strip(),
          c[5].strip(),
          c[6].strip(),
          c[7].strip());
    }

    Row expired() {
      String detected = BLIND.contains(operation) && calls.isEmpty() ? "" : "EXPIRED a";
      boolean both = !detected.isEmpty() && !events.isEmpty();
      return new Row(
          operation,
          "expired",
          mode,
          result,
          detected + (both ? ", " : "") + events,
          statistics,
          policy,
          calls);
    }

    /** As the events tell of the value, and the policy's calls of the time. */
    String expectedBare(boolean touched) {
      boolean stored = events.contains("CREATED") || events.contains("UPDATED");
      boolean gone = events.contains("REMOVED") || operation.equals("clear");
      String value = stored ? "b" : state.equals("present") && !gone ? "a" : "null";
      boolean there = !value.equals("null");
      boolean moved = there && !policy.isEmpty();
      return String.join(
          " | ", result, value, statistics, touched ? moved + " false" : there + " " + there);
    }

    String expected(boolean through) {
      return String.join(" | ", result, events, statistics, policy, through ? calls : "");
    }
  }

  /** One cache that writes down what it does to its surroundings. */
  private static final class Probe
      implements ExpiryPolicy, CacheLoader<String, String>, CacheWriter<String, String> {
    private static final Duration TEN_SECONDS = new Duration(TimeUnit.SECONDS, 10);
    private final Cache<String, String> cache;
    private final List<String> events = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final StringBuilder policy = new StringBuilder();
    private Duration creation = TEN_SECONDS;

    Probe(Caches caches, String state, boolean through) throws Exception {
      MutableConfiguration<String, String> configuration =
          new MutableConfiguration<String, String>()
              .setTypes(String.class, String.class)
              .setStatisticsEnabled(true)
              .setExpiryPolicyFactory(() -> this)
              .addCacheEntryListenerConfiguration(
                  new MutableCacheEntryListenerConfiguration<>(
                      () -> new Recorder(events), null, true, true));
      if (through) {
        configuration.setReadThrough(true).setWriteThrough(true);
        configuration.setCacheLoaderFactory(() -> this).setCacheWriterFactory(() -> this);
      }
      cache = caches.manager.createCache("parity", configuration);
      if (state.equals("present") || state.equals("expired")) {
        cache.put("k", "a");
      }
      if (state.equals("expired")) {
        caches.advance(10_000);
      }
      if (state.equals("zero")) {
        creation = Duration.ZERO;
      }
      events.clear();
      calls.clear();
      policy.setLength(0);
      clearStatistics();
    }

    static void clearStatistics() throws Exception {
      ManagementFactory.getPlatformMBeanServer().invoke(bean(), "clear", null, null);
    }

    static Function<Cache<String, String>, @Nullable Object> operation(String name) {
      Function<Cache<String, String>, @Nullable Object> call = OPERATIONS.get(name);
      assertThat(call).as(name).isNotNull();
      return call;
    }

    static String statistics() throws Exception {
      return times("H", "CacheHits")
          + times("M", "CacheMisses")
          + times("P", "CachePuts")
          + times("R", "CacheRemovals");
    }

    String run(String operation) throws Exception {
      Object result = operation(operation).apply(cache);
      String statistics = statistics();
      return String.join(
          " | ",
          String.valueOf(result),
          String.join(", ", events),
          statistics,
          policy,
          String.join(", ", calls));
    }

    private static String times(String letter, String attribute) throws Exception {
      Object count = ManagementFactory.getPlatformMBeanServer().getAttribute(bean(), attribute);
      return letter.repeat(((Long) count).intValue());
    }

    private static ObjectName bean() throws Exception {
      return new ObjectName(
          "javax.cache:type=CacheStatistics,CacheManager=warren.parity,Cache=parity");
    }

    @Override
    public Duration getExpiryForCreation() {
      policy.append('C');
      return creation;
    }

    @Override
    public Duration getExpiryForAccess() {
      policy.append('A');
      return TEN_SECONDS;
    }

    @Override
    public Duration getExpiryForUpdate() {
      policy.append('U');
      return TEN_SECONDS;
    }

    @Override
    public String load(String key) {
      calls.add("load");
      return "L";
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      calls.add("loadAll");
      return Map.of("k", "L");
    }

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      calls.add("write " + entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(entry -> calls.add("writeAll " + entry.getValue()));
    }

    @Override
    public void delete(Object key) {
      calls.add("delete");
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      calls.add("deleteAll");
    }
  }

  private record Recorder(List<String> events)
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          CacheEntryExpiredListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> changes) {
      changes.forEach(
          e -> {
            assertThat(e.isOldValueAvailable()).isFalse();
            events.add("CREATED " + e.getValue());
          });
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> changes) {
      changes.forEach(e -> events.add("UPDATED " + e.getOldValue() + ">" + e.getValue()));
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> changes) {
      changes.forEach(e -> addGone("REMOVED ", e));
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> changes) {
      changes.forEach(e -> addGone("EXPIRED ", e));
    }

    private void addGone(String what, CacheEntryEvent<? extends String, ? extends String> event) {
      assertThat(event.isOldValueAvailable()).isTrue();
      assertThat(event.getOldValue()).isEqualTo(event.getValue());
      events.add(what + event.getOldValue());
    }
  }
}
