// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The snapshot store of {@code embedded:}: that of {@code mongodb:}, on a server which is started
 * when the first call needs it, and again when the process that ran it is gone.
 */
final class EmbeddedSnapshotStore implements SnapshotStore {
  private final EmbeddedMongoAddress address;
  private final EmbeddedMongoLease lease;
  private final SnapshotStore mongo;

  /** False until a call has succeeded since the last one that failed. */
  private volatile boolean known;

  EmbeddedSnapshotStore(EmbeddedMongoAddress address, SnapshotStore mongo) {
    this.address = address;
    this.lease = new EmbeddedMongoLease(address);
    this.mongo = mongo;
  }

  private <T> T call(Supplier<T> work) {
    if (!known) {
      lease.ensureRunning();
    }
    try {
      T result = work.get();
      known = true;
      return result;
    } catch (SnapshotStoreException e) {
      known = false;
      throw e;
    }
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    return call(mongo::readCheckpoint);
  }

  @Override
  public void scan(Checkpoint checkpoint, Consumer<Document> sink) {
    call(
        () -> {
          mongo.scan(checkpoint, sink);
          return true;
        });
  }

  @Override
  public boolean writeRound(Round round) {
    return call(() -> mongo.writeRound(round));
  }

  @Override
  public String describe() {
    return address.describe();
  }

  @Override
  public void close() {
    mongo.close();
    lease.close();
  }
}
