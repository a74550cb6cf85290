// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Document;
import dev.warren.sync.SnapshotStore.Generation;
import dev.warren.sync.SnapshotStore.Round;
import dev.warren.testkit.SnapshotStoreContract;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.containers.GenericContainer;

/**
 * The contract on a real MongoDB: that of {@code WARREN_TEST_MONGODB_URI}, else one in Docker, else
 * skipped. Leaves nothing in the database.
 */
@EnabledIf(
    value = "isThere",
    disabledReason =
        "no real MongoDB: WARREN_TEST_MONGODB_URI is not set and Docker does not answer")
class MongoSnapshotStoreRealIT extends SnapshotStoreContract {
  private static final String VARIABLE = "WARREN_TEST_MONGODB_URI";
  private static final String IMAGE = "mongo:8.0";

  @SuppressWarnings("NullAway.Init")
  private static String uri;

  private static @Nullable GenericContainer<?> container;

  @BeforeAll
  static void find() throws Exception {
    String given = System.getenv(VARIABLE);
    if (given != null && !given.isBlank()) {
      uri = given;
      return;
    }
    GenericContainer<?> started = new GenericContainer<>(IMAGE).withExposedPorts(27017);
    started.start();
    container = started;
    uri = "mongodb://" + started.getHost() + ":" + started.getMappedPort(27017);
  }

  static boolean isThere() throws InterruptedException {
    String given = System.getenv(VARIABLE);
    return (given != null && !given.isBlank()) || dockerAnswers();
  }

  private static boolean dockerAnswers() throws InterruptedException {
    try {
      Process docker =
          new ProcessBuilder("docker", "info")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (docker.waitFor(10, TimeUnit.SECONDS)) {
        return docker.exitValue() == 0;
      }
      docker.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void leaveNothing() {
    if (container != null) {
      container.stop();
    } else if (uri != null) {
      try (MongoClient client = MongoClients.create(uri)) {
        MongoDatabase database = database(client);
        for (String name : database.listCollectionNames()) {
          if (name.startsWith("warren.contract_")) {
            database.getCollection(name).drop();
          }
        }
        database
            .getCollection(CollectionNames.CHECKPOINTS)
            .deleteMany(Filters.regex("_id", "^contract "));
      }
    }
  }

  private static MongoDatabase database(MongoClient client) {
    return client.getDatabase(MongoUri.database(MongoUri.parse("uri", uri).connectionString()));
  }

  @Override
  protected SnapshotStore open(String cluster) {
    return new MongoSnapshotStore(
        MongoUri.parse(VARIABLE, uri), cluster, StoreSettings.DEFAULTS, InstantSource.system());
  }

  @Test
  void writeRound_newCollection_hasTheIndexForPurging() {
    Generation generation = new Generation(1, 0);
    Document gone = new Document("c", Bytes.wrap(new byte[1]), 1, 1, 1, null, 1);
    Checkpoint checkpoint =
        new Checkpoint(1, EpochId.NONE, 0, Map.of("c", generation), new byte[0]);
    try (SnapshotStore store = open("contract index");
        MongoClient client = MongoClients.create(uri)) {
      store.writeRound(new Round(0, checkpoint, List.of(gone)));

      List<org.bson.Document> indexes =
          database(client)
              .getCollection(new CollectionNames("contract index").of("c", generation))
              .listIndexes()
              .into(new ArrayList<>());
      assertThat(indexes)
          .anySatisfy(
              index -> {
                assertThat(index.get("name")).isEqualTo("purge");
                assertThat(index.get("expireAfterSeconds", Number.class).longValue()).isZero();
              });
    }
  }
}
