// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

/** Follows the one connection of a transport. Called from one thread, in order; must not block. */
public interface ConnectionListener {

  /** A connection stands; the log exists and can be read and appended to. */
  void connected();

  /** The connection ended, or an attempt at one failed; the next attempt follows by itself. */
  void disconnected(TransportException cause);
}
