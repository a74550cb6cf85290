// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

/** Where operations hand on what they counted. */
public interface StatisticsPort {

  /** False while nothing is counted, so that nothing need be measured either. */
  boolean isEnabled();

  /** Adds one call's figures; {@code nanos} is how long it took. */
  void record(Tally tally, long nanos);
}
