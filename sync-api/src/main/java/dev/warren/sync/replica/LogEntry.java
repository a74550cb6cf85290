// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

/**
 * One entry of the log state (rule B1). Immutable; the value's bytes are never changed.
 *
 * @param expiryMillis absolute time in ms since 1970 UTC, or {@link dev.warren.sync.Event#NEVER}
 * @param writePosition position of the event that wrote the value; 0 for the base of an epoch
 * @param touchPosition position of the last effective {@code Touch}, else {@link #UNTOUCHED}
 */
public record LogEntry(byte[] value, long expiryMillis, long writePosition, long touchPosition) {

  /** Touch position of an entry whose expiry is still its writer's. */
  public static final long UNTOUCHED = -1;

  /** The greater of both positions: the cut that a document of this entry makes (rule E5). */
  public long lastPosition() {
    return Math.max(writePosition, touchPosition);
  }
}
