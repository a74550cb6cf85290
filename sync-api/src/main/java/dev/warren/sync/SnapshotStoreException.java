// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import org.jspecify.annotations.Nullable;

/** The store could not be reached or refused something. The message hides passwords. */
public class SnapshotStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SnapshotStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
