// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

/**
 * Bounds of an outbox.
 *
 * @param maxEvents room in events, at least 1
 * @param maxBytes room in bytes of keys and values, at least 1
 * @param batchEvents events per batch, 1 to 4,096
 * @param batchBytes bytes at which a batch is sealed; a larger event travels alone
 * @param inFlight batches that may be appended and not yet applied, at least 1
 */
public record OutboxLimits(
    int maxEvents, long maxBytes, int batchEvents, int batchBytes, int inFlight) {

  /** 100,000 events, 64 MiB; batches of 256 events or 64 KiB, 16 in flight. */
  public static final OutboxLimits DEFAULT =
      new OutboxLimits(100_000, 64L << 20, 256, 64 << 10, 16);
}
