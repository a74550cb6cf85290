// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import org.jspecify.annotations.Nullable;

/** An entry could not be loaded or written; the message says why and hides passwords. */
public final class EntryFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EntryFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
