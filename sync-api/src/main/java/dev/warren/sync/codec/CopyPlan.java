// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

/**
 * How objects of one class are copied in memory. One plan serves all threads; what belongs to one
 * copy is in its {@link CopyGraph}.
 */
interface CopyPlan {

  /** For objects that copies share with the original. */
  CopyPlan SHARED = (graph, original) -> original;

  /**
   * Copies an object that was not met before within this graph, and {@link CopyGraph#note notes}
   * its copy: before its contents are copied, if it can be made without them.
   */
  Object copy(CopyGraph graph, Object original);
}
