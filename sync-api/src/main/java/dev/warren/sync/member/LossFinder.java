// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.replica.Replica;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out that this member missed something without noticing (rule A8), and has its memory got
 * anew.
 *
 * <p>Offsets have gaps that mean nothing, so a record that never came, or a log whose head was cut
 * off behind a reader's back, shows nowhere. But replicas that applied the same events have equal
 * figures, number and sum of the positions of the events applied, at equal positions. A heartbeat
 * carries its author's figures at a position that its author had applied, so it lies behind what
 * this member has applied when it reads the heartbeat: it looks up its own figures there.
 *
 * <p><b>Who is wrong.</b> Whoever applied fewer events missed some. With equal numbers one of them
 * applied a repetition, which stands later in the log, in place of the first sending: the one whose
 * sum is greater. Each member acts on itself only; of the two that differ exactly one finds itself
 * wrong, the other one when it reads this one's heartbeat finds itself right.
 *
 * <p><b>Skipped heartbeats count.</b> Who misses one batch of an origin skips all later ones as
 * beyond the next (A4), that origin's heartbeats among them. So figures are compared whatever
 * became of the batch in which they stand; that costs nothing in certainty, since they tell what
 * their author had applied, not what this member should do with the batch.
 *
 * <p>No false alarm: figures are compared within one epoch only, at positions that both have
 * passed, and behind the base of the present memory. They travel with snapshots and checkpoints, so
 * that whence a memory came makes no difference. On the applier thread.
 */
final class LossFinder {

  private static final Logger LOG = LoggerFactory.getLogger(LossFinder.class);

  /**
   * Records whose figures are kept: some seconds at full load; heartbeats behind them are let go.
   */
  private static final int KEPT = 1 << 13;

  private final MemberCore core;

  // Rings: the figures from an offset on, until the next.
  private final long[] offsets = new long[KEPT];
  private final long[] counts = new long[KEPT];
  private final long[] sums = new long[KEPT];

  /** How many were ever noted of the present memory; the last {@link #KEPT} of them are there. */
  private long noted;

  private long foundMillis = Long.MIN_VALUE;

  LossFinder(MemberCore core) {
    this.core = core;
  }

  /** Another memory was installed: its figures are known from its position on. */
  void installed(Replica held) {
    noted = 0;
    note(held);
  }

  /** A batch was applied, or skipped. */
  void applied(Replica held) {
    if (counts[slot(noted - 1)] != held.count()) {
      note(held);
    }
  }

  private void note(Replica held) {
    int slot = slot(noted++);
    offsets[slot] = held.offset();
    counts[slot] = held.count();
    sums[slot] = held.sum();
  }

  private static int slot(long number) {
    return (int) (number & (KEPT - 1));
  }

  /** Number of the last note at or before {@code offset}; -1 if it is not there. */
  private long find(long offset) {
    long low = Math.max(0, noted - KEPT);
    long high = noted - 1;
    if (high < low || offsets[slot(low)] > offset) {
      return -1;
    }
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (offsets[slot(middle)] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** {@code author} says what it had applied. */
  void compare(Origin author, Event.Heartbeat said) {
    long found = core.phase == Phase.READY ? find(Positions.offset(said.position())) : -1;
    if (found < 0) {
      return;
    }
    long ownCount = counts[slot(found)];
    boolean missed =
        ownCount < said.count() || (ownCount == said.count() && sums[slot(found)] > said.sum());
    long now = core.applier.nowMillis();
    boolean lately =
        foundMillis != Long.MIN_VALUE
            && now - foundMillis < core.settings.memberTimeout().toMillis();
    if (missed && !lately) {
      foundMillis = now;
      LOG.warn(
          "WRN-0216 this member has missed something: up to offset {} it has applied {} events,"
              + " member {} {}; the memory is fetched anew",
          Positions.offset(said.position()),
          ownCount,
          author,
          said.count());
      core.locator.recoverFrom(author);
    }
  }
}
