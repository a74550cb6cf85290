// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All of a replica but its entries, at one offset: the head of a snapshot and of a checkpoint
 * (rules E2, G3). Immutable.
 *
 * @param offset last offset read
 * @param count events applied; {@code sum} their positions (A8)
 * @param sequences last applied sequence by origin
 * @param previous what the base of this epoch covered of earlier ones, the last one first (F2): a
 *     member may have missed some; at most {@value #KEPT_EPOCHS}
 * @param caches by cache name
 * @param open which caches members have open, by name (F3)
 */
public record ReplicaState(
    EpochId epoch,
    long offset,
    long count,
    long sum,
    boolean truncated,
    Map<Origin, Long> sequences,
    List<Replica.PreviousEpoch> previous,
    Map<Origin, Member> view,
    Map<String, CacheControl> caches,
    Map<String, OpenCache> open) {

  static final int KEPT_EPOCHS = 8;

  public ReplicaState {
    previous = List.copyOf(previous);
    sequences = Map.copyOf(sequences);
    view = Map.copyOf(view);
    caches = Map.copyOf(caches);
    open = Map.copyOf(open);
  }

  /**
   * A cache without its entries.
   *
   * @param stripes {@link Stripes#COUNT} positions
   * @param clearedAt position of the last {@code Clear}; 0 if none
   */
  public record CacheControl(long[] stripes, long clearedAt) {}

  /** The state before anything was read. */
  public static ReplicaState empty(EpochId epoch, long offset, boolean truncated) {
    return new ReplicaState(
        epoch, offset, 0, 0, truncated, Map.of(), List.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * The first state of {@code next}, whose base are data of this state (F2): they count as position
   * 0 of the new epoch; members join again and say anew what they have open.
   */
  public ReplicaState asBaseOf(EpochId next, long nextOffset, boolean nextTruncated) {
    List<Replica.PreviousEpoch> earlier =
        Stream.concat(Stream.of(new Replica.PreviousEpoch(epoch, sequences)), previous.stream())
            .limit(KEPT_EPOCHS)
            .toList();
    return new ReplicaState(
        next, nextOffset, 0, 0, nextTruncated, Map.of(), earlier, Map.of(), Map.of(), Map.of());
  }

  /**
   * This state, carried on from offset {@code first} although records before it were never read and
   * are gone (A7): the next batch of an origin is its new baseline. Only of {@code self} is it
   * known that nothing in between was its own.
   */
  public ReplicaState behindGap(long first, @Nullable Origin self) {
    Long own = self == null ? null : sequences.get(self);
    return new ReplicaState(
        epoch,
        first - 1,
        count,
        sum,
        true,
        self == null || own == null ? Map.of() : Map.of(self, own),
        previous,
        view,
        caches,
        open);
  }
}
