// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.backend.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.h2.mvstore.WriteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMongoFileTest {

  private static final List<Object> IDS =
      List.of(
          "text",
          "",
          7,
          8L,
          9.5,
          true,
          new ObjectId("65a1b2c3d4e5f60718293a4b"),
          new Binary(new byte[] {1, 2, 3}),
          new BsonTimestamp(1_700_000_000, 1),
          new Document("a", 1).append("b", "x"));

  @Test
  void inFolder_idsAndValuesOfEveryType_areFoundAgainAfterARestart(@TempDir Path dir) {
    try (EmbeddedMongo server = EmbeddedMongo.inFolder(0, dir);
        MongoClient client = MongoClients.create(server.uri())) {
      for (Object id : IDS) {
        documents(client).insertOne(document(id));
      }
      documents(client).updateMany(new Document(), Updates.set("changed", "yes"));
      documents(client).deleteOne(Filters.eq("_id", true));
    }
    try (EmbeddedMongo server = EmbeddedMongo.inFolder(0, dir);
        MongoClient client = MongoClients.create(server.uri())) {
      for (Object id : IDS) {
        assertThat(documents(client).find(Filters.eq("_id", id)).first())
            .as("%s", id)
            .isEqualTo(id.equals(true) ? null : document(id).append("changed", "yes"));
      }
      assertThat(documents(client).countDocuments()).isEqualTo(IDS.size() - 1);
    }
  }

  private static MongoCollection<Document> documents(MongoClient client) {
    return client.getDatabase("test").getCollection("documents");
  }

  private static Document document(Object id) {
    return new Document("_id", id)
        .append("none", null)
        .append("int", 1)
        .append("long", 1L << 40)
        .append("double", -0.5)
        .append("decimal", Decimal128.parse("1.25"))
        .append("text", "ä €")
        .append("bytes", new Binary(new byte[300]))
        .append("list", List.of(1, "two", new Document("three", 3)))
        .append("nested", new Document("x", new Document("y", false)));
  }

  @Test
  void keyType_keys_haveATotalOrderAndComeBack() {
    EmbeddedMongoFile.KeyType type = new EmbeddedMongoFile.KeyType();
    List<KeyValue> keys = new ArrayList<>();
    for (Object value : List.of("b", "a", "", 3, 2.5, 1L, new byte[] {1}, "a\u0000")) {
      keys.add(new KeyValue(value));
      keys.add(new KeyValue(value, "second"));
    }
    List<KeyValue> sorted = new ArrayList<>(keys);
    sorted.sort(type);
    Collections.shuffle(keys, new Random(1));
    keys.sort(type);

    assertThat(keys).isEqualTo(sorted);
    assertThat(type.compare(new KeyValue("a"), new KeyValue("b"))).isNegative();
    assertThat(type.compare(new KeyValue("a"), new KeyValue("a", "b"))).isNegative();
    WriteBuffer buffer = new WriteBuffer();
    sorted.forEach(key -> type.write(buffer, key));
    buffer.getBuffer().flip();
    for (KeyValue key : sorted) {
      assertThat(type.compare(type.read(buffer.getBuffer()), key)).isZero();
    }
  }

  @Test
  void documentType_changedWhileItIsWritten_writesAWholeDocument() throws Exception {
    EmbeddedMongoFile.DocumentType type = new EmbeddedMongoFile.DocumentType();
    var document = new de.bwaldvogel.mongo.bson.Document("_id", "x");
    for (int i = 0; i < 50; i++) {
      document.append("f" + i, i);
    }
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> changing =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                document.put("more", 1);
                document.remove("more");
              }
            });
    try {
      for (int i = 0; i < 2_000; i++) {
        WriteBuffer buffer = new WriteBuffer();
        type.write(buffer, document);
        buffer.getBuffer().flip();
        assertThat(type.read(buffer.getBuffer()))
            .containsEntry("_id", "x")
            .containsEntry("f49", 49);
      }
    } finally {
      done.set(true);
    }
    changing.get();
  }
}
