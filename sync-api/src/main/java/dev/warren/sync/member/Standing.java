// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.replica.Member;
import java.util.Map;

/**
 * How far a member has applied the log, and who was there at that place. Immutable; published after
 * the listener was told of what was applied.
 *
 * @param epoch NONE without a memory
 * @param position no event at or below it is still to come; -1 without a memory
 * @param count events applied, in this epoch (A8)
 * @param view the members at that place, except for their last heartbeats, which may be older
 */
public record Standing(EpochId epoch, long position, long count, Map<Origin, Member> view) {

  /** Of a member that holds nothing. */
  public static final Standing NONE =
      new Standing(EpochId.NONE, Positions.BEFORE_FIRST, 0, Map.of());
}
