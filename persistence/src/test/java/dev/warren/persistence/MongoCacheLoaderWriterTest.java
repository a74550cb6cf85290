// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import dev.warren.embedded.EmbeddedMongo;
import dev.warren.testkit.Ports;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriterException;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class MongoCacheLoaderWriterTest {
  private static EmbeddedMongo server;
  private static MongoClient raw;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private MongoCollection<Document> collection;
  private MongoCacheLoader<String, Product> loader;
  private MongoCacheWriter<String, Product> writer;

  record Product(String name, int price) implements Serializable {}

  /** Not among the allowed types. */
  record Stranger(Object any) {}

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
  void open() {
    raw.getDatabase("shop").drop();
    collection = raw.getDatabase("shop").getCollection("products");
    loader = loader(codec());
    writer = writer(codec());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  // ---- one entry
  // ---------------------------------------------------------------------------------

  @Test
  void load_absent_isNull() {
    assertThat(loader.load("x")).isNull();
  }

  @Test
  void load_written_isEqual() {
    writer.write(new Entry<>("tea", new Product("Tea", 3)));
    writer.write(new Entry<>("tea", new Product("Tea", 4)));

    assertThat(loader.load("tea")).isEqualTo(new Product("Tea", 4));
    assertThat(collection.countDocuments()).isEqualTo(1);
  }

  @Test
  void delete_thereOrNot_isGone() {
    writer.write(new Entry<>("tea", new Product("Tea", 3)));

    writer.delete("tea");
    writer.delete("tea");
    writer.delete("never");

    assertThat(loader.load("tea")).isNull();
  }

  @Test
  void load_keyOfAnyLength_isFound() {
    for (int length : new int[] {0, 1, 95, 96, 97, 5_000}) {
      String key = "k".repeat(length);
      writer.write(new Entry<>(key, new Product("p", length)));
      assertThat(loader.load(key)).isEqualTo(new Product("p", length));
    }
    assertThat(collection.countDocuments()).isEqualTo(6);
  }

  // ---- many entries
  // ------------------------------------------------------------------------------

  @Test
  void loadAll_manyKeys_isOneQueryAndLeavesOutAbsentOnes() {
    Map<String, Product> all = products(2_500);
    writer.writeAll(entries(all));
    Set<String> wanted = new HashSet<>(all.keySet());
    wanted.add("absent");

    Map<String, Product> found;
    try (Logged commands = new Logged("org.mongodb.driver.protocol.command", "DEBUG")) {
      found = loader.loadAll(wanted);

      assertThat(commands.lines())
          .filteredOn(line -> line.contains("Command \"find\" started"))
          .hasSize(1);
    }
    assertThat(found).isEqualTo(all);
  }

  @Test
  void loadAll_noneOrRepeatedKeys_works() {
    writer.write(new Entry<>("tea", new Product("Tea", 3)));

    assertThat(loader.loadAll(List.of())).isEmpty();
    assertThat(loader.loadAll(List.of("tea", "tea"))).containsOnlyKeys("tea");
  }

  @Test
  void writeAll_everything_leavesTheCollectionEmpty() {
    Collection<Cache.Entry<? extends String, ? extends Product>> entries = entries(products(2_500));

    try (Logged commands = new Logged("org.mongodb.driver.protocol.command", "DEBUG")) {
      writer.writeAll(entries);

      assertThat(commands.lines())
          .filteredOn(line -> line.contains("Command \"update\" started"))
          .hasSize(3);
    }
    assertThat(entries).isEmpty();
    assertThat(collection.countDocuments()).isEqualTo(2_500);
  }

  @Test
  void writeAll_immutableCollection_writesAll() {
    writer.writeAll(List.of(new Entry<>("tea", new Product("Tea", 3))));

    assertThat(loader.load("tea")).isEqualTo(new Product("Tea", 3));
  }

  @Test
  void writeAll_keyTwice_keepsTheLast() {
    Collection<Cache.Entry<? extends String, ? extends Product>> entries = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      entries.add(new Entry<>("tea", new Product("Tea", i)));
    }

    writer.writeAll(entries);

    assertThat(loader.load("tea")).isEqualTo(new Product("Tea", 49));
  }

  @Test
  void deleteAll_someOrAll_leavesTheCollectionEmpty() {
    writer.writeAll(entries(products(1_500)));
    List<Object> keys = new ArrayList<>(products(1_400).keySet());
    keys.add("never");

    writer.deleteAll(keys);

    assertThat(keys).isEmpty();
    assertThat(collection.countDocuments()).isEqualTo(100);
  }

  // ---- partial failure (JSR-107: CacheWriter)
  // ----------------------------------------------------

  @Test
  void writeAll_someCannotBeConverted_writesTheOthersAndLeavesThose() {
    MongoCacheWriter<String, Object> any =
        writer(
            MongoCacheOptions.builder(server.uri(), "shop.products", String.class, Object.class)
                .build());
    Collection<Cache.Entry<? extends String, ? extends Object>> entries = new ArrayList<>();
    entries.add(new Entry<>("a", "fine"));
    entries.add(new Entry<>("b", new Stranger(new Object())));
    entries.add(new Entry<>("c", new byte[17 << 20]));
    entries.add(new Entry<>("d", "fine too"));

    assertThatThrownBy(() -> any.writeAll(entries))
        .isInstanceOf(CacheWriterException.class)
        .hasMessageContaining(Stranger.class.getName());

    assertThat(keys(entries)).containsExactly("b", "c");
    assertThat(collection.countDocuments()).isEqualTo(2);
  }

  @Test
  void writeAll_serverRefusesSome_leavesThose() {
    collection.createIndex(Indexes.ascending("name"), new IndexOptions().unique(true));
    MongoCacheWriter<String, Product> readable = writer(readable(String.class));
    Collection<Cache.Entry<? extends String, ? extends Product>> entries =
        new ArrayList<>(
            List.of(
                new Entry<>("a", new Product("one", 1)),
                new Entry<>("b", new Product("one", 2)),
                new Entry<>("c", new Product("two", 3))));

    assertThatThrownBy(() -> readable.writeAll(entries))
        .isInstanceOf(CacheWriterException.class)
        .hasMessageContaining("refused 1 document")
        .hasMessageContaining("11000");

    assertThat(keys(entries)).containsExactly("b");
    assertThat(collection.countDocuments()).isEqualTo(2);
  }

  @Test
  void anyCall_serverDown_failsWithCauseAndLeavesEverything() throws Exception {
    String uri = "mongodb://u:secret@127.0.0.1:" + Ports.free() + "/shop";
    MongoCacheOptions<String, Product> options =
        MongoCacheOptions.builder(uri, "products", String.class, Product.class)
            .serverSelectionTimeout(Duration.ofMillis(100))
            .build();
    MongoCacheLoader<String, Product> deadLoader = loader(options);
    MongoCacheWriter<String, Product> deadWriter = writer(options);
    Collection<Cache.Entry<? extends String, ? extends Product>> entries = entries(products(2_500));
    List<Object> keys = new ArrayList<>(List.of("a", "b"));

    assertThatThrownBy(() -> deadLoader.load("a"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("u:***@")
        .hasMessageNotContaining("secret")
        .hasCauseInstanceOf(com.mongodb.MongoTimeoutException.class);
    assertThatThrownBy(() -> deadLoader.loadAll(List.of("a", "b")))
        .isInstanceOf(CacheLoaderException.class)
        .hasCauseInstanceOf(com.mongodb.MongoTimeoutException.class);
    assertThatThrownBy(() -> deadWriter.write(new Entry<>("a", new Product("A", 1))))
        .isInstanceOf(CacheWriterException.class)
        .hasCauseInstanceOf(com.mongodb.MongoTimeoutException.class);
    assertThatThrownBy(() -> deadWriter.writeAll(entries))
        .isInstanceOf(CacheWriterException.class)
        .hasCauseInstanceOf(com.mongodb.MongoTimeoutException.class);
    assertThatThrownBy(() -> deadWriter.delete("a")).isInstanceOf(CacheWriterException.class);
    assertThatThrownBy(() -> deadWriter.deleteAll(keys)).isInstanceOf(CacheWriterException.class);

    assertThat(entries).hasSize(2_500);
    assertThat(keys).containsExactly("a", "b");
  }

  @Test
  void writeAll_serverDiesBetweenChunks_leavesWhatWasNotAcknowledged() {
    EmbeddedMongo mortal = EmbeddedMongo.inMemory(0);
    MongoCacheWriter<String, Product> own =
        writer(
            MongoCacheOptions.builder(mortal.uri(), "shop.products", String.class, Product.class)
                .serverSelectionTimeout(Duration.ofMillis(200))
                .build());
    // a value is read when its chunk is gathered: the second chunk stops the server
    Collection<Cache.Entry<? extends String, ? extends Product>> entries = entries(products(2_500));
    MongoCacheWriter<String, Product> killer =
        writer(
            MongoCacheOptions.builder(mortal.uri(), "shop.products", String.class, Product.class)
                .serverSelectionTimeout(Duration.ofMillis(200))
                .documents(
                    product -> {
                      if (product.price() == 1_500) {
                        Mortal.kill();
                      }
                      return new Document("name", product.name());
                    },
                    document -> new Product(document.getString("name"), 0))
                .build());
    own.write(new Entry<>("first", new Product("f", 0)));
    Mortal.server = mortal;

    assertThatThrownBy(() -> killer.writeAll(entries))
        .isInstanceOf(CacheWriterException.class)
        .cause()
        .isNotNull();

    assertThat(Mortal.server).as("it was killed").isNull();
    assertThat(entries).hasSize(1_500);
    assertThat(entries).noneMatch(e -> e.getValue().price() < 1_000);
  }

  /** Mappers are serializable, so what they reach for is static. */
  private static final class Mortal {
    private static @org.jspecify.annotations.Nullable EmbeddedMongo server;

    static void kill() {
      if (server != null) {
        server.close();
        server = null;
      }
    }
  }

  // ---- what is stored
  // ----------------------------------------------------------------------------

  @Test
  void load_classNotAllowed_failsAndNamesIt() {
    MongoCacheWriter<String, Stranger> other =
        writer(
            MongoCacheOptions.builder(server.uri(), "shop.products", String.class, Stranger.class)
                .build());
    other.write(new Entry<>("x", new Stranger("y")));

    assertThatThrownBy(() -> loader.load("x"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("Stranger")
        .cause()
        .isNotNull();
  }

  @Test
  void load_foreignDocument_failsAndSaysWhich() {
    writer.write(new Entry<>("x", new Product("X", 1)));
    collection.updateMany(new Document(), new Document("$unset", new Document("v", "")));

    assertThatThrownBy(() -> loader.load("x"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("field v");
  }

  @Test
  void write_readable_storesFieldsUnderTheKey() {
    writer(readable(Integer.class)).write(new Entry<>(7, new Product("Tea", 3)));

    assertThat(collection.find().first())
        .containsExactly(entry("_id", 7), entry("name", "Tea"), entry("price", 3));
  }

  @Test
  void loadAll_readableWrittenByOthers_findsThem() {
    collection.insertMany(
        List.of(
            new Document("_id", 1).append("name", "int").append("price", 1),
            new Document("_id", 2L).append("name", "long").append("price", 2)));

    assertThat(loader(readable(Integer.class)).loadAll(List.of(1, 2, 3)))
        .containsOnly(entry(1, new Product("int", 1)), entry(2, new Product("long", 2)));
    assertThat(loader(readable(Long.class)).loadAll(List.of(1L, 2L))).containsOnlyKeys(1L, 2L);
    assertThat(loader(readable(Long.class)).load(1L)).isEqualTo(new Product("int", 1));
  }

  @Test
  void loadAll_readableByUuid_findsThem() {
    UUID id = UUID.randomUUID();
    writer(readable(UUID.class)).write(new Entry<>(id, new Product("Tea", 3)));

    assertThat(loader(readable(UUID.class)).loadAll(List.of(id)))
        .containsOnly(entry(id, new Product("Tea", 3)));
  }

  @Test
  void documents_unsuitableKeyType_isRefused() {
    assertThatThrownBy(() -> readable(Product.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("String, Integer, Long, UUID, Date or ObjectId")
        .hasMessageContaining(Product.class.getName());
  }

  // ---- factories and life cycle
  // ------------------------------------------------------------------

  @Test
  void factory_serialized_makesTheSame() throws Exception {
    writer.write(new Entry<>("tea", new Product("Tea", 3)));
    for (MongoCacheOptions<String, Product> options : List.of(codec(), codec())) {
      Factory<MongoCacheLoader<String, Product>> copy = copy(MongoCacheLoader.factory(options));
      MongoCacheLoader<String, Product> created = copy.create();
      opened.add(created);
      assertThat(created.load("tea")).isEqualTo(new Product("Tea", 3));
      assertThat(copy).isEqualTo(MongoCacheLoader.factory(codec()));
    }
    assertThat(copy(MongoCacheWriter.factory(readable(String.class))).create()).isNotNull();
    assertThat(MongoCacheWriter.factory(codec()))
        .isEqualTo(
            MongoCacheWriter.factory(server.uri(), "shop.products", String.class, Product.class))
        .isNotEqualTo(
            MongoCacheWriter.factory(server.uri(), "shop.other", String.class, Product.class));
  }

  @Test
  void toString_anything_hidesThePassword() {
    String uri = "mongodb://u:secret@h";
    assertThat(MongoCacheLoader.factory(uri, "c", String.class, String.class).toString())
        .doesNotContain("secret")
        .contains("u:***@h");
    assertThat(MongoCacheWriter.factory(uri, "c", String.class, String.class).create().toString())
        .doesNotContain("secret");
  }

  @Test
  void builder_badAddressOrNamespace_isRefused() {
    for (String namespace : List.of("", ".", "db.", ".c", "a b.c", "db.c$d", "db.system.users")) {
      assertThatThrownBy(
              () -> MongoCacheOptions.builder("mongodb://h", namespace, String.class, String.class))
          .as(namespace)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("database.collection");
    }
    assertThatThrownBy(() -> MongoCacheOptions.builder("http://h", "c", String.class, String.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                MongoCacheOptions.builder("mongodb://h", "c", String.class, String.class)
                    .serverSelectionTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 ms");
  }

  @Test
  void close_oneOfTwo_leavesTheOtherItsClient() {
    writer.write(new Entry<>("tea", new Product("Tea", 3)));
    MongoCacheLoader<String, Product> other = loader(codec());
    other.load("tea");

    writer.close();
    writer.close();

    assertThat(other.load("tea")).isEqualTo(new Product("Tea", 3));
    assertThatThrownBy(() -> writer.write(new Entry<>("x", new Product("X", 1))))
        .isInstanceOf(CacheWriterException.class)
        .hasMessageContaining("closed");
    other.close();
    assertThatThrownBy(() -> other.load("tea"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("closed");
  }

  // ---- words
  // -------------------------------------------------------------------------------------

  private static MongoCacheOptions<String, Product> codec() {
    return MongoCacheOptions.builder(server.uri(), "shop.products", String.class, Product.class)
        .build();
  }

  private static <K> MongoCacheOptions<K, Product> readable(Class<K> keyType) {
    return MongoCacheOptions.builder(server.uri() + "/shop", "products", keyType, Product.class)
        .documents(
            product ->
                new Document("_id", "ignored")
                    .append("name", product.name())
                    .append("price", product.price()),
            document -> new Product(document.getString("name"), document.getInteger("price")))
        .build();
  }

  private <K, V> MongoCacheLoader<K, V> loader(MongoCacheOptions<K, V> options) {
    MongoCacheLoader<K, V> created = MongoCacheLoader.factory(options).create();
    opened.add(created);
    return created;
  }

  private <K, V> MongoCacheWriter<K, V> writer(MongoCacheOptions<K, V> options) {
    MongoCacheWriter<K, V> created = MongoCacheWriter.factory(options).create();
    opened.add(created);
    return created;
  }

  private static Map<String, Product> products(int count) {
    Map<String, Product> all = new LinkedHashMap<>();
    IntStream.range(0, count).forEach(i -> all.put("key " + i, new Product("product " + i, i)));
    return all;
  }

  private static <K, V> Collection<Cache.Entry<? extends K, ? extends V>> entries(Map<K, V> all) {
    Collection<Cache.Entry<? extends K, ? extends V>> entries = new ArrayList<>();
    all.forEach((key, value) -> entries.add(new Entry<>(key, value)));
    return entries;
  }

  private static List<String> keys(Collection<? extends Cache.Entry<? extends String, ?>> entries) {
    List<String> keys = new ArrayList<>();
    entries.forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }

  /** As a provider's entries: without equals. */
  private static final class Entry<K, V> implements Cache.Entry<K, V> {
    private final K key;
    private final V value;

    Entry(K key, V value) {
      this.key = key;
      this.value = value;
    }

    @Override
    public K getKey() {
      return key;
    }

    @Override
    public V getValue() {
      return value;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      return type.cast(this);
    }
  }
}
