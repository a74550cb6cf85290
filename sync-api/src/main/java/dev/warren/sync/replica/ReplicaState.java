// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of a replica but its entries, at one offset: the head of a snapshot and of a checkpoint
 * (rules E2, G3). Immutable.
 *
 * @param offset last offset read
 * @param count events applied; {@code sum} their positions (A8)
 * @param sequences last applied sequence by origin
 * @param previous what the base of this epoch covered of the one before (F2)
 * @param caches by cache name
 */
public record ReplicaState(
    EpochId epoch,
    long offset,
    long count,
    long sum,
    boolean truncated,
    Map<Origin, Long> sequences,
    Replica.@Nullable PreviousEpoch previous,
    Map<Origin, Member> view,
    Map<String, CacheControl> caches) {

  public ReplicaState {
    sequences = Map.copyOf(sequences);
    view = Map.copyOf(view);
    caches = Map.copyOf(caches);
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
    return new ReplicaState(epoch, offset, 0, 0, truncated, Map.of(), null, Map.of(), Map.of());
  }

  /**
   * The first state of {@code next}, whose base are data of this state (F2): they count as position
   * 0 of the new epoch; members join again.
   */
  public ReplicaState asBaseOf(EpochId next, long nextOffset, boolean nextTruncated) {
    return new ReplicaState(
        next,
        nextOffset,
        0,
        0,
        nextTruncated,
        Map.of(),
        new Replica.PreviousEpoch(epoch, sequences),
        Map.of(),
        Map.of());
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
        caches);
  }
}
