// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.ReplicaState;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.io.IOException;
import java.util.BitSet;
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
  private final BitSet received = new BitSet();
  private final Map<String, EntryList> entries = new HashMap<>();
  private @Nullable ReplicaState state;
  private int checksum;
  private int expected = Integer.MAX_VALUE;
  private int progress;
  private int progressAtStart;

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

  /**
   * True if it is worth going on: something came since it was begun or resumed, so that a source
   * that sends nothing is not asked for ever, and {@code member} still is in the cut's epoch.
   */
  boolean mayResume(Origin member, EpochId epoch) {
    return source.equals(member)
        && progress > progressAtStart
        && (state == null || state.epoch().equals(epoch));
  }

  /** It goes on. */
  void resumed() {
    progressAtStart = progress;
  }

  /** All chunks below this have come. */
  int received() {
    return received.nextClearBit(0);
  }

  void head(PeerMessage.Head head) throws IOException {
    progress++;
    state = ReplicaStateCodec.decode(head.state());
    checksum = head.checksum();
  }

  void chunk(PeerMessage.Chunk chunk) {
    progress++;
    if (!received.get(chunk.index())) {
      received.set(chunk.index());
      EntryList cache = entries.computeIfAbsent(chunk.cache(), c -> new EntryList());
      chunk.items().forEach(item -> cache.add(item.key(), item.entry()));
    }
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
