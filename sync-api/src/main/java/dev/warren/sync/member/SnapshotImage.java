// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Origin;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.ReplicaState;
import java.util.HashMap;
import java.util.Map;

/**
 * One exact cut of a replica, copied by reference between two batches (rule E2): entries are
 * immutable, so that the copy may be read on any thread while the replica goes on.
 *
 * @param checksum CRC-32C of the record at the state's offset, by which a joiner checks that it
 *     reads on in the same log; 0 if unknown
 */
record SnapshotImage(ReplicaState state, int checksum, Map<String, EntryList> entries) {

  /** On the applier thread. */
  static SnapshotImage cut(Replica replica, int checksum) {
    Map<String, EntryList> entries = new HashMap<>();
    for (String name : replica.cacheNames()) {
      CacheState cache = replica.cacheState(name);
      if (cache != null) {
        entries.put(name, EntryList.copyOf(cache.entries()));
      }
    }
    return new SnapshotImage(replica.state(), checksum, entries);
  }

  Replica toReplica() {
    return toReplica(state);
  }

  /** The same, of which the log retains nothing before {@code first}. */
  Replica behindGap(long first, Origin self) {
    return toReplica(state.behindGap(first, self));
  }

  private Replica toReplica(ReplicaState from) {
    Replica replica = Replica.from(from);
    entries.forEach(
        (cache, list) ->
            list.forEach((key, entry) -> replica.install(cache, key, entry, entry.lastPosition())));
    return replica;
  }

  /** The same data as position 0 of a new epoch (F2). */
  Replica asBaseOf(dev.warren.sync.EpochId next, long offset) {
    Replica replica = Replica.from(state.asBaseOf(next, offset, false));
    entries.forEach(
        (cache, list) ->
            list.forEach(
                (key, e) ->
                    replica.install(
                        cache,
                        key,
                        new LogEntry(e.value(), e.expiryMillis(), 0, LogEntry.UNTOUCHED),
                        0)));
    return replica;
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    entries.forEach((cache, list) -> counts.put(cache, (long) list.size()));
    return counts;
  }
}
