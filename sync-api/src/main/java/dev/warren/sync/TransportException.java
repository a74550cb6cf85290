// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import org.jspecify.annotations.Nullable;

/** A broker could not be reached or refused something. The message hides passwords. */
public class TransportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; each asks the user for another remedy. */
  public enum Reason {
    UNREACHABLE,
    REFUSED_LOGIN,
    NO_SUCH_VHOST,
    NO_PERMISSION,
    UNSUITABLE_BROKER,
    CONNECTION_LOST,
    RETURNED,
    TOO_LARGE,
    NO_SUCH_MEMBER,
    CLOSED
  }

  private final Reason reason;

  public TransportException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
