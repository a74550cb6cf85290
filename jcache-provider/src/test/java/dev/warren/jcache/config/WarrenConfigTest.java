// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WarrenConfigTest {

  @TempDir private Path folder;
  private final Properties given = new Properties();
  private final Properties system = new Properties();
  private final Map<String, String> environment = new HashMap<>();

  private WarrenConfig load(URI uri) {
    return WarrenConfig.load(uri, getClass().getClassLoader(), given, system, environment);
  }

  private WarrenConfig parse(String text) throws IOException {
    return load(Files.writeString(folder.resolve("my.conf"), text).toUri());
  }

  @Test
  void load_nothingConfigured_isLocal() {
    WarrenConfig config = load(URI.create("warren:default"));

    assertThat(config.log()).isNull();
    assertThat(config.forCache("any").mode()).isEqualTo(Mode.LOCAL);
    assertThat(config.writeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.outboxMaxBytes()).isEqualTo(64L << 20);
  }

  @Test
  void load_nothingConfigured_isWhatTheReferenceSays() {
    assertThat(load(URI.create("warren:default")))
        .isSameAs(WarrenConfig.BUILT_IN)
        .isEqualTo(WarrenConfig.read(ConfigSource.defaults()));
  }

  @Test
  void load_fileWithoutSettings_isWhatTheReferenceSays() throws Exception {
    assertThat(parse("")).isEqualTo(WarrenConfig.BUILT_IN);
  }

  @Test
  void load_file_givesEverySetting() throws Exception {
    WarrenConfig config =
        parse(
            """
            warren {
              cluster = shop
              log = "amqp://u:pw@localhost:5672"
              persistence = "mongodb://localhost/warren"
              serialization.allow = "com.acme.*, org.x.Y"
              transport { a.b = 5 }
              defaults.write-ack = all
              defaults.on-disconnect = read-only
              caches = [
                { name = "com.acme.*", mode = local, max-entries = 50, expiry { created = 10m } }
                { name = "*", persist = false }
              ]
            }
            """);

    assertThat(config.serializationAllow()).containsExactly("com.acme.*", "org.x.Y");
    assertThat(config.transport()).containsEntry("a.b", "5");
    assertThat(config.defaults().persist()).isTrue();
    assertThat(config.forCache("com.acme.x"))
        .isEqualTo(
            new CacheSettings(
                Mode.LOCAL,
                Consistency.EVENTUAL,
                WriteAck.LOCAL,
                OnDisconnect.SERVE,
                false,
                Duration.ofMinutes(10),
                50,
                0,
                null));
    assertThat(config.forCache("other"))
        .isEqualTo(
            new CacheSettings(
                Mode.REPLICATED,
                Consistency.EVENTUAL,
                WriteAck.ALL,
                OnDisconnect.READ_ONLY,
                false,
                null,
                0,
                0,
                null));
    assertThat(config.toString()).contains("u:***@").doesNotContain("pw");
  }

  @Test
  void load_allSources_strongestWins() throws Exception {
    String file = "warren.cluster = file";
    assertThat(parse(file).cluster()).isEqualTo("file");
    environment.put("WARREN_CLUSTER", "environment");
    assertThat(parse(file).cluster()).isEqualTo("environment");
    system.setProperty("warren.cluster", "system");
    assertThat(parse(file).cluster()).isEqualTo("system");
    given.setProperty("warren.cluster", "given");
    assertThat(parse(file).cluster()).isEqualTo("given");
  }

  @Test
  void load_overriddenDefault_readsThatFile() throws Exception {
    Path file = Files.writeString(folder.resolve("o.conf"), "warren.cluster = over");
    system.setProperty("warren.config", file.toString());

    assertThat(load(URI.create("warren:default")).cluster()).isEqualTo("over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tck:some", "urn:x", "name", "foo://bar"})
  void load_otherUri_isNameOnly(String uri) {
    assertThat(load(URI.create(uri)).cluster()).isEqualTo("warren");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/x", "https://x", "missing.conf", "classpath:no.conf"})
  void load_unreadableUri_isRefused(String uri) {
    assertThatThrownBy(() -> load(URI.create(uri))).isInstanceOf(CacheException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clustr = x | warren.clustr is not a known key, but is x | did you mean warren.cluster?",
        "outbox.max-event = 1 | warren.outbox.max-event | warren.outbox.max-events?",
        "outbox = 1 | warren.outbox must be a block | 1",
        "write-timeout = soon | warren.write-timeout must be a duration | soon",
        "write-timeout = 3ms | from 10 ms to 3600000 ms | 3ms",
        "outbox.max-events = many | must be a whole number | many",
        "max-value-size = 1 GiB | must be from 1 to | 1 GiB",
        "max-transfer-rate = 1 KiB | must be from 1048576 to | 1 KiB",
        "log = localhost | must be a URI | localhost",
        "log = \"x/u:pw@h\" | must be a URI | x/u",
        "defaults.mode = partial | one of [local, replicated, invalidation] | partial",
        "defaults.consistency = strong | in this version | eventual",
        "cluster = \"a b\" | letters, digits | a b",
        "caches = [{mode = local}] | warren.caches[0].name must be given | add name",
        "caches = [{name = a, max-entrys = 1}] | warren.caches[0].max-entrys | max-entries?",
        "caches = [{name = a, persist = true}] | needs a database | warren.persistence",
        "caches = [{name = a, max-entries = 0}] | must be from 1 | 0",
        "caches = [{name = a, max-weight = 5, weigher = W, max-entries = 6}] | together with max-entries | 5",
        "caches = [{name = a, max-weight = 5}] | weigher must be given with max-weight | add weigher",
        "caches = [{name = a, weigher = W}] | weigher needs max-weight | W",
        "caches = [{name = a, mode = replicated, max-weight = 5}] | needs mode = local or invalidation | 5",
        "defaults.write-ack = some | must be one of [local, log, all] | some",
        "defaults.write-ack = log | must be local in a local cache | mode = replicated",
        "defaults.on-disconnect = read_only | must be one of [serve, read-only, fail] | read_only",
        "defaults.on-disconnect = fail | must be serve in a local cache | mode = replicated",
        "caches = [{name = a, mode = local, on-disconnect = fail}] | on-disconnect must be serve in a local cache | remove this key",
        "caches = [{name = a, mode = local, write-ack = all}] | warren.caches[0].write-ack must be local in a local cache, but is all | remove this key",
        "caches = 5 | must be a list of blocks | 5",
      })
  void load_badSetting_namesPlaceKeyValueAndRemedy(String line, String first, String second) {
    assertThatThrownBy(() -> parse("\nwarren." + line))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(first)
        .hasMessageContaining(second)
        .hasMessageContaining("my.conf: 2");
  }

  @Test
  void load_unknownProperty_isRefused() {
    given.setProperty("warren.logg", "amqp://u:secret@h");

    assertThatThrownBy(() -> load(URI.create("warren:default")))
        .hasMessageContaining("did you mean warren.log?")
        .hasMessageContaining("***")
        .hasMessageNotContaining("secret");
  }

  @Test
  void document_keys_areThoseOfTheCode() throws Exception {
    TreeSet<String> documented = new TreeSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `([^`]+)` \\|")
            .matcher(Files.readString(Path.of("../docs/configuration.md")));
    while (row.find()) {
      documented.add(row.group(1));
    }
    TreeSet<String> known = new TreeSet<>(WarrenConfig.CACHE_KEYS);
    WarrenConfig.KEYS.forEach(key -> known.add("warren." + key));

    assertThat(documented).isEqualTo(known);
  }

  @Test
  void document_defaults_areThoseOfTheReference() throws Exception {
    String text = Files.readString(Path.of("../docs/configuration.md"));
    Matcher row = Pattern.compile("(?m)^\\| `(warren\\.[^`]+)` \\| `([^`]+)` \\|").matcher(text);
    int rows = 0;
    while (row.find()) {
      Object value = ConfigSource.defaults().getValue(row.group(1)).unwrapped();
      assertThat(String.valueOf(value)).as(row.group(1)).isEqualTo(row.group(2));
      rows++;
    }
    assertThat(rows).isGreaterThan(8);
  }
}
