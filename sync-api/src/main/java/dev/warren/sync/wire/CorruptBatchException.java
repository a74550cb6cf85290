// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

/** Bytes that are no batch of Warren: foreign, truncated or damaged. */
public final class CorruptBatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptBatchException(String message) {
    super(message);
  }
}
