// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.UUID;

/**
 * Names one log among its successors (rule A6). Of two epochs the one with the higher counter is in
 * force; of equal counters the one that stands first in the log.
 *
 * @param counter from 1; 0 only in {@link #NONE}
 * @param id random, tells apart epochs that were opened with the same counter
 */
public record EpochId(long counter, UUID id) {

  /** The epoch before any log: no batch carries it. */
  public static final EpochId NONE = new EpochId(0, new UUID(0, 0));

  @Override
  public String toString() {
    return counter + ":" + id;
  }
}
