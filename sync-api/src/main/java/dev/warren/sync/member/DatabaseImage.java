// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreException;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.ReplicaState;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What MongoDB holds (rule E5): the checkpoint, read first, and then the documents of the
 * generations that it names. Documents may be ahead of the checkpoint, never behind it: each is a
 * cut for its key.
 */
record DatabaseImage(
    SnapshotStore.Checkpoint checkpoint,
    ReplicaState state,
    List<SnapshotStore.Document> documents) {

  /** Blocks; empty if there is no checkpoint. */
  static Optional<DatabaseImage> read(SnapshotStore store) {
    Optional<SnapshotStore.Checkpoint> found = store.readCheckpoint();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    SnapshotStore.Checkpoint checkpoint = found.get();
    try {
      ReplicaState state = ReplicaStateCodec.decode(checkpoint.state());
      List<SnapshotStore.Document> documents = new ArrayList<>();
      store.scan(checkpoint, documents::add);
      return Optional.of(new DatabaseImage(checkpoint, state, documents));
    } catch (IOException e) {
      throw new SnapshotStoreException(
          "the checkpoint in " + store.describe() + " cannot be read: " + e.getMessage(), e);
    }
  }

  EpochId epoch() {
    return checkpoint.epoch();
  }

  long offset() {
    return state.offset();
  }

  Replica toReplica() {
    return toReplica(state);
  }

  /** The same, of which the log retains nothing before {@code first}. */
  Replica behindGap(long first) {
    return toReplica(state.behindGap(first, null));
  }

  private Replica toReplica(ReplicaState from) {
    Replica replica = Replica.from(from);
    checkpoint
        .generations()
        .forEach(
            (cache, generation) -> {
              if (generation.epochCounter() == epoch().counter()) {
                replica.installClear(cache, generation.position());
              }
            });
    for (SnapshotStore.Document d : documents) {
      boolean current = d.epochCounter() == epoch().counter();
      LogEntry entry = entry(d);
      long cut = current ? Math.max(d.writePosition(), d.touchPosition()) : 0;
      replica.install(d.cache(), d.key(), entry, cut);
    }
    return replica;
  }

  /**
   * @param truncated true if the log no longer holds what followed the epoch's beginning
   */
  Replica asBaseOf(EpochId next, long offset, boolean truncated) {
    Replica replica = Replica.from(state.asBaseOf(next, offset, truncated));
    for (SnapshotStore.Document d : documents) {
      byte[] value = d.value();
      if (value != null) {
        replica.install(
            d.cache(), d.key(), new LogEntry(value, d.expiryMillis(), 0, LogEntry.UNTOUCHED), 0);
      }
    }
    return replica;
  }

  private static @org.jspecify.annotations.Nullable LogEntry entry(SnapshotStore.Document d) {
    byte[] value = d.value();
    return value == null
        ? null
        : new LogEntry(value, d.expiryMillis(), d.writePosition(), d.touchPosition());
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    for (SnapshotStore.Document d : documents) {
      if (d.value() != null) {
        counts.merge(d.cache(), 1L, Long::sum);
      }
    }
    return counts;
  }
}
