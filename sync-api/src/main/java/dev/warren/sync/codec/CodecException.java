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

  static CodecException unsuitable(Class<?> type, String why) {
    return new CodecException(
        Reason.UNSUITABLE_TYPE,
        "Class " + type.getName() + " cannot be copied or encoded: " + why,
        null);
  }

  /* Kryo wraps what its hooks throw: the first CodecException within is the one that says why. */
  static CodecException of(Throwable thrown, Reason otherwise, String message) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof CodecException codec) {
        return codec;
      }
      if (t instanceof CycleException) {
        return new CodecException(otherwise, message + ": " + t.getMessage(), thrown);
      }
    }
    String why = thrown.getMessage() == null ? "" : ": " + firstLine(thrown.getMessage());
    return new CodecException(
        otherwise, message + " (" + thrown.getClass().getSimpleName() + why + ")", thrown);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  public Reason reason() {
    return reason;
  }
}
