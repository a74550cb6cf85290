// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

/** A batch of another version of the format; the message names both. */
public final class UnknownVersionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownVersionException(int found, int known) {
    super(
        "a batch must have format version %d, but had version %d: upgrade this member"
            .formatted(known, found));
  }
}
