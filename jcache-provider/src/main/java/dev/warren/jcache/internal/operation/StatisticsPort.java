// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** Where operations hand on what they counted. */
public interface StatisticsPort {

  /** What {@link #begin} gives while nothing is counted. */
  long NOT_COUNTED = 0;

  /**
   * What a call is about to do, as far as is known before: to have each kind timed now and then.
   */
  enum Kind {
    READ,
    PUT,
    REMOVE,
    PROCESS
  }

  /** A call begins. Gives what {@link #record} asks for, or {@link #NOT_COUNTED}. */
  long begin(Kind kind);

  /** Adds the figures of the call that {@code begun} stands for. */
  void record(Tally tally, long begun);
}
