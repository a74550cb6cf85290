// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

/**
 * The connection of one member to its broker: log and peer channel over one reconnect loop with
 * backoff and jitter, which the transport owns.
 */
public interface ClusterTransport extends AutoCloseable {

  /** Starts connecting and returns at once; once. */
  void start(ConnectionListener listener);

  SharedLog log();

  PeerChannel peers();

  /** Largest record and peer message in bytes. */
  int maxRecordBytes();

  /** The broker's address for messages, without password. */
  String describe();

  /**
   * Ends the present connection, which stands and yet does not do what it should; the next one
   * follows by itself. Not while the broker says that it holds things up: that ends by itself.
   *
   * @param why for people
   * @return false if the connection is left as it is
   */
  boolean renew(String why);

  /** Ends the connection; idempotent. No callback is made after it has returned. */
  @Override
  void close();
}
