// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

/** A node answered with an error, or not at all. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public NodeException(String message) {
    super(message);
  }
}
