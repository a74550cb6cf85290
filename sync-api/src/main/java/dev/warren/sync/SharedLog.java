// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The one ordered log of a cluster (rules A1, A2). All subscribers see the same records in the same
 * order. Every call concerns the connection that stands now: without one, appends and {@link #head}
 * fail with {@link TransportException} at once, and subscriptions end silently when their
 * connection does; the owner subscribes again when {@link ConnectionListener#connected} is called.
 * Thread-safe.
 */
public interface SharedLog {

  /** Subscribes from the first retained record. */
  long FIRST = 0;

  /** Subscribes behind the last record. */
  long NEXT = Long.MAX_VALUE;

  /**
   * Appends a record of at most {@link ClusterTransport#maxRecordBytes} bytes. Records appended
   * over one connection keep the order of the calls.
   *
   * @return done when the broker has confirmed the record and not returned it; failed with {@link
   *     TransportException} when it was returned, refused, or its connection ended first: then
   *     nobody knows whether it stands in the log. Completed on a thread of the transport.
   */
  CompletionStage<Void> append(byte[] bytes);

  /** The first retained record; empty if the log holds none. */
  CompletionStage<Optional<LogRecord>> head();

  /**
   * Delivers every retained record whose offset is at least {@code fromOffset}, in order, one at a
   * time. The handler may block: deliveries wait, unacknowledged, within the prefetch.
   */
  LogSubscription subscribe(long fromOffset, LogHandler handler);

  /** Receives records. */
  @FunctionalInterface
  interface LogHandler {
    /** Takes a record; may block. */
    void onRecord(LogRecord record);

    /**
     * Takes a record if that needs no waiting, on the thread on which it arrives, which others
     * need: that spares a change of threads. What is not taken comes by {@link #onRecord}.
     */
    default boolean offer(LogRecord record) {
      return false;
    }
  }

  /** Ends by {@link #close}, after which no further record is handed on, or with its connection. */
  interface LogSubscription extends AutoCloseable {
    @Override
    void close();
  }
}
