// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

/**
 * One message of the log: the broker's offset, from 0, rising, with gaps; and the encoded batch.
 */
public record LogRecord(long offset, byte[] bytes) {}
