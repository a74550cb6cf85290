// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import org.jspecify.annotations.Nullable;

/**
 * A key or value could not be encoded or decoded. The message names class and setting, no contents.
 */
public class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    MISSING_CLASS,
    NOT_ALLOWED,
    CORRUPT,
    UNSUITABLE_TYPE
  }

  private final Reason reason;

  public CodecException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
