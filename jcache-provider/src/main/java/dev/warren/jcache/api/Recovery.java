// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import java.time.Duration;

/**
 * How a cache's memory was filled when its node last became ready.
 *
 * @param source the base
 * @param fromSource entries of this cache that the base held
 * @param fromLog entries of this cache last written by log events applied above the base
 * @param took from opening the manager (or the loss of the old state) to ready, for the whole node
 */
public record Recovery(Source source, long fromSource, long fromLog, Duration took) {

  /** Bases of a node's memory. */
  public enum Source {
    /** Local cache, or not ready yet. */
    NONE,
    /** A ready member. */
    SIBLING,
    /** MongoDB's checkpoint. */
    DATABASE,
    /** Nothing: the log alone, from its first record. */
    LOG
  }
}
