// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

/** The outbox has no room for a write; nothing was changed. */
public class OutboxFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutboxFullException(String message) {
    super(message);
  }
}
