// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import dev.warren.sync.UriRedaction;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache manager, checked.
 *
 * @param cluster name that members of one cluster share
 * @param log URI of the log, or null: every cache is local then
 * @param persistence URI of the database, or null
 * @param serializationAllow patterns of classes that bytes from outside may name
 * @param epochGrace how long an empty log is watched before it is opened
 * @param memberTimeout silence after which a member is suspected
 * @param writeTimeout how long a write waits for room or for the log
 * @param closeTimeout how long closing waits for own events
 * @param outboxMaxEvents events that may wait for the log
 * @param outboxMaxBytes bytes that may wait for the log
 * @param maxValueBytes largest encoded value
 * @param maxTransferBytesPerSecond how fast this node sends its memory to nodes that join
 * @param transport settings that the transport reads, by key without prefix
 * @param defaults of caches that no rule matches
 */
public record WarrenConfig(
    String cluster,
    @Nullable String log,
    @Nullable String persistence,
    List<String> serializationAllow,
    Duration epochGrace,
    Duration memberTimeout,
    Duration writeTimeout,
    Duration closeTimeout,
    int outboxMaxEvents,
    long outboxMaxBytes,
    int maxValueBytes,
    long maxTransferBytesPerSecond,
    Map<String, String> transport,
    CacheSettings defaults,
    List<Rule> rules) {

  /**
   * Settings for the caches whose names match.
   *
   * @param name where {@code *} stands for any characters
   */
  public record Rule(String name, CacheSettings settings) {
    boolean matches(String cache) {
      StringBuilder regex = new StringBuilder();
      for (String literal : name.split("\\*", -1)) {
        regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(cache).matches();
    }
  }

  static final Set<String> KEYS =
      Set.of(
          "cluster",
          "log",
          "persistence",
          "serialization.allow",
          "epoch-grace",
          "member-timeout",
          "write-timeout",
          "close-timeout",
          "outbox.max-events",
          "outbox.max-bytes",
          "max-value-size",
          "max-transfer-rate",
          "transport.",
          "defaults.mode",
          "defaults.consistency",
          "defaults.write-ack",
          "defaults.on-disconnect",
          "caches");

  static final Set<String> CACHE_KEYS =
      Set.of(
          "name",
          "mode",
          "consistency",
          "write-ack",
          "on-disconnect",
          "persist",
          "expiry.created",
          "max-entries",
          "max-weight",
          "weigher");

  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long MAX_VALUE_BYTES = 15L << 20;

  /**
   * What {@code reference.conf} says. Half of the time from the start of a JVM to the first cache
   * was spent on reading that file, and most have no other for their local caches.
   */
  static final WarrenConfig BUILT_IN =
      new WarrenConfig(
          "warren",
          null,
          null,
          List.of(),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          100_000,
          64L << 20,
          8 << 20,
          1L << 30,
          Map.of(),
          new CacheSettings(
              Mode.LOCAL,
              Consistency.EVENTUAL,
              WriteAck.LOCAL,
              OnDisconnect.SERVE,
              false,
              null,
              0,
              0,
              null),
          List.of());

  /**
   * Reads the settings of the manager of {@code uri}.
   *
   * @throws javax.cache.CacheException if a key is unknown, or a value has the wrong type, is out
   *     of range or does not go with another; the message names place, key, value and remedy
   */
  public static WarrenConfig load(URI uri, ClassLoader loader, Properties properties) {
    return load(uri, loader, properties, System.getProperties(), System.getenv());
  }

  static WarrenConfig load(
      URI uri,
      ClassLoader loader,
      Properties properties,
      Properties system,
      Map<String, String> environment) {
    Set<String> full = new HashSet<>();
    for (String key : KEYS) {
      full.add("warren." + key);
    }
    ConfigSource source = new ConfigSource(uri, loader, properties, system, environment, full);
    return source.isSilent() ? BUILT_IN : read(source.load());
  }

  static WarrenConfig read(Config all) {
    ConfigReader top = new ConfigReader(all, "");
    if (!(all.getValue("warren") instanceof com.typesafe.config.ConfigObject)) {
      throw top.failure("warren", "must be a block", "write warren { … }");
    }
    ConfigReader reader = new ConfigReader(all.getConfig("warren"), "warren.");
    reader.refuseUnknown(KEYS);
    return read(reader);
  }

  private static WarrenConfig read(ConfigReader reader) {
    String cluster = reader.string("cluster");
    if (cluster == null || !CLUSTER.matcher(cluster).matches()) {
      throw reader.failure(
          "cluster", "must be 1 to 100 letters, digits, dots, hyphens", "choose another name");
    }
    String log = uri(reader, "log");
    String persistence = uri(reader, "persistence");
    CacheSettings defaults = defaults(reader, log != null, persistence != null);
    return new WarrenConfig(
        cluster,
        log,
        persistence,
        reader.texts("serialization.allow"),
        reader.duration("epoch-grace", Duration.ofMillis(10), HOUR),
        reader.duration("member-timeout", Duration.ofMillis(100), HOUR),
        reader.duration("write-timeout", Duration.ofMillis(10), HOUR),
        reader.duration("close-timeout", Duration.ZERO, HOUR),
        (int) reader.number("outbox.max-events", 1, Integer.MAX_VALUE),
        reader.bytes("outbox.max-bytes", 1, Long.MAX_VALUE),
        (int) reader.bytes("max-value-size", 1, MAX_VALUE_BYTES),
        reader.bytes("max-transfer-rate", 1L << 20, Long.MAX_VALUE),
        transport(reader),
        defaults,
        rules(reader, defaults, log != null, persistence != null));
  }

  /** The settings of a cache: those of the first rule that matches, or the defaults. */
  public CacheSettings forCache(String name) {
    for (Rule rule : rules) {
      if (rule.matches(name)) {
        return rule.settings();
      }
    }
    return defaults;
  }

  private static @Nullable String uri(ConfigReader reader, String key) {
    String text = reader.string(key);
    if (text != null && !SCHEME.matcher(text).matches()) {
      String scheme = key.equals("log") ? "amqp://" : "mongodb://";
      throw reader.failure(key, "must be a URI", "begin it with a scheme such as " + scheme);
    }
    return text;
  }

  private static Map<String, String> transport(ConfigReader reader) {
    Map<String, String> transport = new TreeMap<>();
    if (reader.config().hasPath("transport")) {
      for (Map.Entry<String, ConfigValue> e : reader.config().getConfig("transport").entrySet()) {
        transport.put(e.getKey(), String.valueOf(e.getValue().unwrapped()));
      }
    }
    return Map.copyOf(transport);
  }

  private static CacheSettings defaults(ConfigReader reader, boolean log, boolean database) {
    Mode mode = reader.choice("defaults.mode", Mode.class, log ? Mode.REPLICATED : Mode.LOCAL);
    Consistency consistency =
        reader.choice("defaults.consistency", Consistency.class, Consistency.EVENTUAL);
    refuseUnavailable(reader, "defaults.", consistency);
    boolean replicated = log && mode == Mode.REPLICATED;
    WriteAck writeAck =
        ofShared(reader, "defaults.write-ack", WriteAck.class, WriteAck.LOCAL, mode, null);
    OnDisconnect onDisconnect =
        ofShared(
            reader, "defaults.on-disconnect", OnDisconnect.class, OnDisconnect.SERVE, mode, null);
    return new CacheSettings(
        log ? mode : Mode.LOCAL,
        consistency,
        writeAck,
        onDisconnect,
        replicated && database,
        null,
        0,
        0,
        null);
  }

  private static List<Rule> rules(
      ConfigReader reader, CacheSettings defaults, boolean log, boolean database) {
    List<Rule> rules = new ArrayList<>();
    for (Config block : reader.blocks("caches")) {
      ConfigReader rule = new ConfigReader(block, "warren.caches[" + rules.size() + "].");
      rule.refuseUnknown(CACHE_KEYS);
      rules.add(rule(rule, defaults, log, database));
    }
    return List.copyOf(rules);
  }

  private static Rule rule(
      ConfigReader rule, CacheSettings defaults, boolean log, boolean database) {
    String name = rule.string("name");
    if (name == null) {
      throw rule.failure("name", "must be given", "add name = \"com.acme.*\"");
    }
    Mode mode = rule.choice("mode", Mode.class, defaults.mode());
    Consistency consistency = rule.choice("consistency", Consistency.class, defaults.consistency());
    refuseUnavailable(rule, "", consistency);
    WriteAck writeAck =
        ofShared(rule, "write-ack", WriteAck.class, WriteAck.LOCAL, mode, defaults.writeAck());
    OnDisconnect onDisconnect =
        ofShared(
            rule,
            "on-disconnect",
            OnDisconnect.class,
            OnDisconnect.SERVE,
            mode,
            defaults.onDisconnect());
    boolean replicated = log && mode == Mode.REPLICATED;
    boolean persist = rule.flag("persist", replicated && database);
    if (persist && !database) {
      throw rule.failure("persist", "needs a database", "set warren.persistence");
    }
    if (persist && log && !replicated) {
      throw rule.failure("persist", "needs mode = replicated", "change one of the two");
    }
    Duration created =
        rule.config().hasPath("expiry.created")
            ? rule.duration("expiry.created", Duration.ZERO, Duration.ofDays(36_500))
            : null;
    long entries = bound(rule, "max-entries", mode);
    long weight = bound(rule, "max-weight", mode);
    if (entries > 0 && weight > 0) {
      throw rule.failure(
          "max-weight", "must not be set together with max-entries", "remove one of the two");
    }
    String weigher = rule.string("weigher");
    if (weigher == null && weight > 0) {
      throw rule.failure(
          "weigher", "must be given with max-weight", "add weigher = \"com.acme.OrderWeigher\"");
    }
    if (weigher != null && weight == 0) {
      throw rule.failure("weigher", "needs max-weight", "set max-weight, or remove weigher");
    }
    return new Rule(
        name,
        new CacheSettings(
            log ? mode : Mode.LOCAL,
            consistency,
            writeAck,
            onDisconnect,
            persist && replicated,
            created,
            entries,
            weight,
            weigher));
  }

  /**
   * A choice that has a meaning in shared caches only; what the defaults say does not count for a
   * local one.
   *
   * @param local the one that a local cache has
   * @param defaults what the defaults say; null while they are read
   */
  private static <E extends Enum<E>> E ofShared(
      ConfigReader reader, String key, Class<E> type, E local, Mode mode, @Nullable E defaults) {
    E otherwise = mode == Mode.LOCAL || defaults == null ? local : defaults;
    E choice = reader.choice(key, type, otherwise);
    if (mode == Mode.LOCAL && choice != local) {
      throw reader.failure(
          key,
          "must be " + ConfigReader.spelled(local) + " in a local cache",
          "set mode = replicated, or remove this key");
    }
    return choice;
  }

  /** A bound; 0 for none. */
  private static long bound(ConfigReader rule, String key, Mode mode) {
    if (!rule.config().hasPath(key)) {
      return 0;
    }
    long max = rule.number(key, 1, Long.MAX_VALUE);
    if (mode == Mode.REPLICATED && key.equals("max-weight")) {
      throw rule.failure(
          key, "needs mode = local or invalidation", "set max-entries instead, or change the mode");
    }
    return max;
  }

  /* Said at once, not at the first write. */
  private static void refuseUnavailable(
      ConfigReader reader, String prefix, Consistency consistency) {
    if (consistency == Consistency.STRONG) {
      throw reader.failure(
          prefix + "consistency", "must be eventual in this version", "use consistency = eventual");
    }
  }

  /** Without passwords. */
  @Override
  public String toString() {
    return "WarrenConfig[cluster="
        + cluster
        + ", log="
        + UriRedaction.redact(String.valueOf(log))
        + ", persistence="
        + UriRedaction.redact(String.valueOf(persistence))
        + ", defaults="
        + defaults
        + ", rules="
        + rules
        + "]";
  }
}
