// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.warren.embedded.EmbeddedMongo;
import dev.warren.persistence.Logged;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Document;
import dev.warren.sync.SnapshotStore.Generation;
import dev.warren.sync.SnapshotStore.Round;
import dev.warren.sync.SnapshotStoreException;
import dev.warren.sync.SnapshotStoreProvider;
import dev.warren.testkit.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the contract does not say: collections, faults, messages. */
@SuppressWarnings("NullAway.Init")
class MongoSnapshotStoreTest {
  private static final Generation FIRST = new Generation(1, 0);
  private static EmbeddedMongo server;
  private static MongoClient raw;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final List<SnapshotStore> opened = new ArrayList<>();
  private MongoDatabase database;

  @BeforeAll
  static void start() {
    server = EmbeddedMongo.inMemory(0);
    raw = MongoClients.create(server.uri());
  }

  @AfterAll
  static void stop() {
    raw.close();
    server.close();
  }

  @BeforeEach
  void emptyDatabase() {
    database = raw.getDatabase("own");
    database.drop();
  }

  @AfterEach
  void close() {
    opened.forEach(SnapshotStore::close);
  }

  // ---- finding and opening
  // -----------------------------------------------------------------------

  @Test
  void provider_byServiceLoader_handlesBothSchemes() {
    SnapshotStoreProvider provider = provider();

    assertThat(provider.handles("mongodb+srv")).isTrue();
    assertThat(provider.handles("MONGODB")).isTrue();
    assertThat(provider.handles("embedded")).isFalse();
  }

  @Test
  void create_deadServer_connectsOnlyWithTheFirstCall() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(300);
      try (SnapshotStore store =
          create(
              "mongodb://127.0.0.1:" + silent.getLocalPort(), "server-selection-timeout", "1s")) {
        assertThat(store.describe()).contains("127.0.0.1");
        assertThatThrownBy(silent::accept).isInstanceOf(java.net.SocketTimeoutException.class);
        assertThatThrownBy(store::readCheckpoint).isInstanceOf(SnapshotStoreException.class);
      }
    }
    create("mongodb+srv://no.such.host.invalid/db").close();
  }

  @Test
  void create_databaseNotNamed_isWarren() {
    SnapshotStore store = create(server.uri());
    store.writeRound(round(0, Map.of("c", FIRST)));

    assertThat(raw.getDatabase("warren").listCollectionNames().into(new ArrayList<>()))
        .contains("warren.checkpoints");
    raw.getDatabase("warren").drop();
  }

  // ---- faults
  // ------------------------------------------------------------------------------------

  @Test
  void readCheckpoint_unreachable_saysWhoAndHowLongAndWhatToDo() throws Exception {
    int port = Ports.free();
    SnapshotStore store =
        create("mongodb://u:secret@127.0.0.1:" + port + "/x", "server-selection-timeout", "2 s");

    assertThatThrownBy(store::readCheckpoint)
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("must answer within 2 s")
        .hasMessageContaining("mongodb://u:***@127.0.0.1:" + port + "/x")
        .hasMessageContaining("Connection refused")
        .hasMessageContaining("start it")
        .hasMessageNotContaining("secret")
        .hasCauseInstanceOf(com.mongodb.MongoTimeoutException.class);
  }

  @Test
  void anyCall_unreachableForLong_warnsOnceAndTellsTheEnd() throws Exception {
    int port = Ports.free();
    SnapshotStore store = create("mongodb://127.0.0.1:" + port, "server-selection-timeout", "3 s");
    try (Logged own = new Logged("dev.warren.persistence", "INFO");
        Logged driver = new Logged("org.mongodb", "WARN")) {
      assertThatThrownBy(store::readCheckpoint).isInstanceOf(SnapshotStoreException.class);
      assertThatThrownBy(() -> store.writeRound(round(0, Map.of())))
          .isInstanceOf(SnapshotStoreException.class);
      assertThat(own.lines()).singleElement().asString().startsWith("WARN WRN-0401 ");
      assertThat(driver.lines()).isEmpty();

      try (EmbeddedMongo late = EmbeddedMongo.inMemory(port)) {
        assertThat(late.port()).isEqualTo(port);
        org.awaitility.Awaitility.await("the driver looks again")
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(store.readCheckpoint()).isEmpty());
      }
      assertThat(own.lines()).hasSize(2);
      assertThat(own.lines().get(1)).startsWith("INFO ").contains("answers again");
    }
  }

  @Test
  void readCheckpoint_serverWithoutThatUser_saysThatTheLoginWasRefused() {
    SnapshotStore store =
        create(
            server.uri().replace("mongodb://", "mongodb://u:secret@"),
            "server-selection-timeout",
            "2 s");

    try (Logged quiet = new Logged("de.bwaldvogel", "OFF")) {
      assertThatThrownBy(store::readCheckpoint)
          .isInstanceOf(SnapshotStoreException.class)
          .hasMessageContaining("refused the login")
          .hasMessageContaining("authSource")
          .hasMessageContaining("u:***@")
          .hasMessageNotContaining("secret");
      assertThat(quiet.lines()).isEmpty();
    }
  }

  @Test
  void readCheckpoint_notAMongoDb_saysThatNoneAnswers() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SnapshotStore store =
          create(
              "mongodb://127.0.0.1:" + stranger.getLocalPort(), "server-selection-timeout", "300");

      assertThatThrownBy(store::readCheckpoint)
          .isInstanceOf(SnapshotStoreException.class)
          .hasMessageContaining("none did");
    }
  }

  @Test
  void readCheckpoint_unknownSrvHost_isASnapshotStoreException() {
    SnapshotStore store = create("mongodb+srv://u:secret@no.such.host.invalid/db");

    assertThatThrownBy(store::readCheckpoint)
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("u:***@no.such.host.invalid")
        .hasMessageNotContaining("secret");
  }

  @Test
  void writeRound_documentTooLarge_isRefusedBeforeItIsSent() {
    SnapshotStore store = open();
    Document big = new Document("c", key("k"), 1, 1, 1, new byte[16 << 20], Event.NEVER);

    assertThatThrownBy(
            () -> store.writeRound(round(0, Map.of("c", FIRST), value("c", "a", 1), big)))
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("16773120 bytes")
        .hasMessageContaining("cache c")
        .hasMessageContaining("16777217 bytes")
        .hasMessageContaining("max-value-size");
    assertThat(store.readCheckpoint()).isEmpty();
  }

  @Test
  void writeRound_largestThatFits_isFound() {
    SnapshotStore store = open();
    byte[] value = new byte[EntryDocuments.MAX_BYTES - 1];
    Arrays.fill(value, (byte) 7);

    store.writeRound(
        round(
            0,
            Map.of("c", FIRST),
            new Document("c", key("k"), 1, 1, 1, value, Event.NEVER),
            new Document("c", key("l"), 1, 1, 1, value, Event.NEVER)));

    List<Document> found = scan(store);
    assertThat(found).hasSize(2);
    assertThat(found.get(0).value()).isEqualTo(value);
  }

  @Test
  void writeRound_stateTooLarge_isRefused() {
    Checkpoint huge = new Checkpoint(1, EpochId.NONE, 0, Map.of(), new byte[9 << 20]);

    assertThatThrownBy(() -> open().writeRound(new Round(0, huge, List.of())))
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("9437184");
  }

  @Test
  void scan_foreignDocument_isNamed() {
    SnapshotStore store = open();
    store.writeRound(round(0, Map.of("c", FIRST), value("c", "a", 1)));
    String collection = new CollectionNames("shop").of("c", FIRST);
    database.getCollection(collection).insertOne(new org.bson.Document("_id", "mine"));

    assertThatThrownBy(() -> scan(store))
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining(collection)
        .hasMessageContaining("mine")
        .hasMessageContaining("remove it");
  }

  @Test
  void readCheckpoint_otherFormat_namesBoth() {
    SnapshotStore store = open();
    store.writeRound(round(0, Map.of()));
    database
        .getCollection("warren.checkpoints")
        .updateOne(
            new org.bson.Document("_id", "shop"),
            new org.bson.Document("$set", new org.bson.Document("c.f", 2)));

    assertThatThrownBy(store::readCheckpoint)
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("format is 2")
        .hasMessageContaining("reads format 1");
  }

  // ---- collections
  // -------------------------------------------------------------------------------

  @Test
  void writeRound_tombstone_carriesThePurgeDate() {
    now.set(Instant.parse("2030-01-01T00:00:00Z"));
    open()
        .writeRound(
            round(
                0,
                Map.of("c", FIRST),
                new Document("c", key("k"), 1, 1, 1, null, Event.NEVER),
                value("c", "v", 1)));

    List<org.bson.Document> stored =
        database
            .getCollection(new CollectionNames("shop").of("c", FIRST))
            .find()
            .map(d -> d.get("r", org.bson.Document.class))
            .into(new ArrayList<>());
    assertThat(stored)
        .extracting(r -> r.get("p"))
        .containsExactlyInAnyOrder(Date.from(Instant.parse("2030-01-15T00:00:00Z")), null);
    assertThat(stored).allSatisfy(r -> assertThat(r.keySet()).startsWith("e", "s", "u", "t"));
  }

  @Test
  void collectionNames_anyNames_areShortAndPlain() {
    Generation last = new Generation(Long.MAX_VALUE, Long.MIN_VALUE);
    String name = new CollectionNames("größe $ cluster/x".repeat(9)).of("a.b\0c".repeat(99), last);

    assertThat(name).matches("[a-zA-Z0-9_.-]+").hasSizeLessThanOrEqualTo(97);
    assertThat(new CollectionNames("shop").of("rates", new Generation(1, 35)))
        .startsWith("warren.shop-")
        .contains(".rates-")
        .endsWith(".1-z");
  }

  @Test
  void writeRound_generationReplaced_isDroppedLaterAndOnlyThen() {
    SnapshotStore store = open();
    String old = new CollectionNames("shop").of("c", FIRST);
    Map<String, Generation> second = Map.of("c", new Generation(1, 9));
    store.writeRound(round(0, Map.of("c", FIRST), value("c", "old", 1)));
    Checkpoint read = store.readCheckpoint().orElseThrow();

    store.writeRound(round(1, second, value("c", "new", 10)));
    later(Duration.ofMinutes(9));
    store.writeRound(round(2, second));
    assertThat(collections()).contains(old);
    assertThat(scan(store, read)).hasSize(1);

    later(Duration.ofMinutes(2));
    store.writeRound(round(3, second)); // doomed now: a scan of it may no longer be trusted
    assertThat(collections()).contains(old);
    assertThatThrownBy(() -> scan(store, read))
        .isInstanceOf(SnapshotStoreException.class)
        .hasMessageContaining("dropped while it was read")
        .hasMessageContaining("read the checkpoint again");

    // another process takes over and does it
    open().writeRound(round(4, second));
    assertThat(collections()).doesNotContain(old);
    assertThat(scan(store)).extracting(Document::writePosition).containsExactly(10L);
    store.writeRound(round(5, second));
    assertThat(
            database
                .getCollection("warren.checkpoints")
                .find()
                .first()
                .get("c", org.bson.Document.class)
                .getList("o", org.bson.Document.class))
        .isEmpty();
  }

  @Test
  void writeRound_overtaken_dropsNothingThatIsNamed() {
    SnapshotStore store = open();
    String first = new CollectionNames("shop").of("c", FIRST);
    store.writeRound(round(0, Map.of("c", FIRST), value("c", "k", 1)));
    later(Duration.ofDays(1));

    assertThat(store.writeRound(round(7, Map.of()))).isFalse();

    assertThat(collections()).contains(first);
    assertThat(scan(store)).hasSize(1);
  }

  @Test
  void scan_manyValuesBeyondOneMessage_areFound() {
    SnapshotStore store = open();
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      documents.add(new Document("c", key("k" + i), 1, i, i, new byte[1 << 20], Event.NEVER));
    }
    store.writeRound(new Round(0, checkpoint(1, Map.of("c", FIRST)), documents));
    store.writeRound(round(1, Map.of("c", FIRST), value("c", "small", 1)));

    assertThat(scan(store)).hasSize(71);
  }

  // ---- words
  // -------------------------------------------------------------------------------------

  private static SnapshotStoreProvider provider() {
    return ServiceLoader.load(SnapshotStoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.handles("mongodb"))
        .findFirst()
        .orElseThrow();
  }

  private SnapshotStore create(String uri, String... settings) {
    SnapshotStore store =
        provider()
            .create(
                uri, "shop", settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]));
    opened.add(store);
    return store;
  }

  private SnapshotStore open() {
    InstantSource clock = now::get;
    SnapshotStore store =
        new MongoSnapshotStore(
            MongoUri.parse("uri", server.uri() + "/own"), "shop", StoreSettings.DEFAULTS, clock);
    opened.add(store);
    return store;
  }

  private void later(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }

  private List<String> collections() {
    return database.listCollectionNames().into(new ArrayList<>());
  }

  private static List<Document> scan(SnapshotStore store) {
    return scan(store, store.readCheckpoint().orElseThrow());
  }

  private static List<Document> scan(SnapshotStore store, Checkpoint checkpoint) {
    List<Document> found = new ArrayList<>();
    store.scan(checkpoint, found::add);
    return found;
  }

  private static Round round(
      long began, Map<String, Generation> generations, Document... documents) {
    return new Round(began, checkpoint(began + 1, generations), List.of(documents));
  }

  private static Checkpoint checkpoint(long version, Map<String, Generation> generations) {
    return new Checkpoint(version, EpochId.NONE, version, generations, new byte[] {1});
  }

  private static Document value(String cache, String key, long position) {
    return new Document(cache, key(key), 1, position, position, key.getBytes(UTF_8), Event.NEVER);
  }

  private static Bytes key(String key) {
    return Bytes.wrap(key.getBytes(UTF_8));
  }
}
