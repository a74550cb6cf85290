// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Origin;
import dev.warren.sync.replica.ReplicaState;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The joiner's side of one transfer (rule E3): collects chunks until all that the source counted
 * have come. Chunks may come in any order and are told apart by their index. On the applier thread.
 */
final class SnapshotFetch {

  private final Origin source;
  private final long transfer;
  private final java.util.BitSet received = new java.util.BitSet();
  private final Map<String, EntryList> entries = new HashMap<>();
  private @Nullable ReplicaState state;
  private int checksum;
  private int expected = Integer.MAX_VALUE;
  private int progress;

  SnapshotFetch(Origin source, long transfer) {
    this.source = source;
    this.transfer = transfer;
  }

  Origin source() {
    return source;
  }

  long transfer() {
    return transfer;
  }

  /** Rises with each message that belongs to this transfer: who watches it sees a stall. */
  int progress() {
    return progress;
  }

  boolean isFor(Origin from, long id) {
    return source.equals(from) && transfer == id;
  }

  void head(PeerMessage.Head head) throws IOException {
    progress++;
    state = ReplicaStateCodec.decode(head.state());
    checksum = head.checksum();
  }

  /** Returns the number of chunks received so far: the credit to give. */
  int chunk(PeerMessage.Chunk chunk) {
    progress++;
    if (!received.get(chunk.index())) {
      received.set(chunk.index());
      EntryList cache = entries.computeIfAbsent(chunk.cache(), c -> new EntryList());
      chunk.items().forEach(item -> cache.add(item.key(), item.entry()));
    }
    return received.cardinality();
  }

  void end(PeerMessage.End end) {
    progress++;
    expected = end.chunks();
  }

  /** The image, when it is whole. */
  Optional<SnapshotImage> image() {
    ReplicaState head = state;
    return head != null && received.cardinality() == expected
        ? Optional.of(new SnapshotImage(head, checksum, entries))
        : Optional.empty();
  }
}
