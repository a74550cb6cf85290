// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.Locale;

/** A line of the table: what is measured, in what, beside what, and what is wanted. */
enum Line {
  PUTS_1("puts-1", "events/s", "raw", Goal.ratioAtLeast(0.7)),
  PUTS_4("puts-4", "events/s", "raw", Goal.ratioAtLeast(0.7)),
  PUTS_16("puts-16", "events/s", "raw", Goal.ratioAtLeast(0.7)),
  CALLER("caller", "ns/put", "local put + encoding", Goal.ratioAtMost(1.5)),
  LATENCY_P50("latency", "µs, p50", "raw", Goal.ratioAtMost(1.3)),
  LATENCY_P99("latency", "µs, p99", "raw", Goal.ratioAtMost(2)),
  READS("reads", "ns/get", "local cache", Goal.ratioAtMost(1.1)),
  JOIN("join", "entries/s", "", Goal.atLeast(300_000)),
  JOIN_OPEN("join", "entries/s, start included", "", Goal.NONE),
  JOIN_HEAP("join", "% more heap, source", "", Goal.atMost(5)),
  LOAD_GET("join-load", "ms, longest get", "before the join", Goal.atMost(50)),
  LOAD_WRITES("join-load", "writes/s", "before the join", Goal.ratioAtLeast(0.8)),
  IDLE("idle", "% of a core", "", Goal.atMost(1));

  final String cell;
  final String unit;
  final String beside;

  @SuppressWarnings("ImmutableEnumChecker") // a record of primitives is
  final Goal goal;

  Line(String cell, String unit, String beside, Goal goal) {
    this.cell = cell;
    this.unit = unit;
    this.beside = beside;
    this.goal = goal;
  }

  /** A bound of the figure, or of its ratio to the one beside it. */
  record Goal(boolean ofRatio, boolean isLeast, double bound) {

    /** For what only stands beside others. */
    static final Goal NONE = atLeast(Double.NEGATIVE_INFINITY);

    static Goal ratioAtLeast(double bound) {
      return new Goal(true, true, bound);
    }

    static Goal ratioAtMost(double bound) {
      return new Goal(true, false, bound);
    }

    static Goal atLeast(double bound) {
      return new Goal(false, true, bound);
    }

    static Goal atMost(double bound) {
      return new Goal(false, false, bound);
    }

    boolean isMet(double value) {
      return isLeast ? value >= bound : value <= bound;
    }

    /** As the table has it. */
    String verdict(double value) {
      return equals(NONE) ? "" : this + (isMet(value) ? ": met" : ": **missed**");
    }

    @Override
    public String toString() {
      if (equals(NONE)) {
        return "";
      }
      return (isLeast ? "≥ " : "≤ ")
          + (bound >= 1_000
              ? String.format(Locale.ROOT, "%,.0f", bound)
              : String.format(Locale.ROOT, ofRatio ? "%.1f" : "%.0f", bound))
          + (ofRatio ? " ×" : "");
    }
  }
}
