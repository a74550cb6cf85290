// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.embedded.EmbeddedMongo;
import dev.warren.sync.SnapshotStore;
import dev.warren.testkit.SnapshotStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on mongo-java-server with an H2 file. */
class MongoSnapshotStoreFileTest extends SnapshotStoreContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path dir;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedMongo server;

  @BeforeAll
  static void start() {
    server = EmbeddedMongo.inFolder(0, dir);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected void restart() {
    int port = server.port();
    server.close();
    server = EmbeddedMongo.inFolder(port, dir);
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
