// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.concurrent.CompletionStage;

/**
 * Messages between members, outside the log: not ordered against it, lost with a connection.
 * Members are addressed by origin. Thread-safe.
 */
public interface PeerChannel {

  /**
   * Receives messages, one at a time per channel, on a thread of the transport; should not block
   * long.
   */
  @FunctionalInterface
  interface PeerHandler {
    void onMessage(Origin from, byte[] message);
  }

  /**
   * Says who this member is and who handles what arrives; once, before the transport is started.
   */
  void register(Origin self, PeerHandler handler);

  /**
   * Sends to one member.
   *
   * @return done when the broker has taken it; failed with {@link TransportException} when no such
   *     member is connected or there is no connection
   */
  CompletionStage<Void> send(Origin to, byte[] message);

  /** Sends to every connected member but this one. */
  CompletionStage<Void> broadcast(byte[] message);
}
