// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.embedded.EmbeddedMongo;
import dev.warren.sync.SnapshotStore;
import dev.warren.testkit.SnapshotStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on mongo-java-server in memory. */
class MongoSnapshotStoreMemoryTest extends SnapshotStoreContract {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedMongo server;

  @BeforeAll
  static void start() {
    server = EmbeddedMongo.inMemory(0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected SnapshotStore open(String cluster) {
    return new MongoSnapshotStore(
        MongoUri.parse("uri", server.uri()),
        cluster,
        StoreSettings.DEFAULTS,
        InstantSource.system());
  }
}
