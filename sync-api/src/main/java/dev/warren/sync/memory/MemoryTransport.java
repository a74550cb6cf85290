// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.memory;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member's connection to a {@link MemoryBroker}. Callbacks and peer messages come from one thread
 * of the transport, each subscription has a thread of its own. Connections are numbered: whatever
 * belongs to an earlier one fails or ends.
 */
final class MemoryTransport implements ClusterTransport, SharedLog, PeerChannel {

  private static final int MAX_RECORD_BYTES = 16 << 20;
  private static final long RETRY_MILLIS = 20;

  private final MemoryBroker broker;
  private final String name;
  private final java.util.concurrent.ScheduledExecutorService events;
  private final ExecutorService deliveries;

  private volatile @Nullable ConnectionListener listener;
  private volatile @Nullable Origin self;
  private volatile @Nullable PeerHandler handler;

  /** Number of the connection that stands; 0 if none. Changed on {@code events} only. */
  private volatile long connection;

  private long connections;
  private volatile boolean closed;

  MemoryTransport(MemoryBroker broker, String name) {
    this.broker = broker;
    this.name = name;
    this.events = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "events"));
    this.deliveries = Executors.newCachedThreadPool(task -> daemon(task, "log"));
  }

  private Thread daemon(Runnable task, String what) {
    Thread thread = new Thread(task, "warren-memory-" + what + "-" + name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void start(ConnectionListener connectionListener) {
    listener = connectionListener;
    broker.add(this);
    run(this::connect);
  }

  private void run(Runnable task) {
    try {
      events.execute(task);
    } catch (RejectedExecutionException e) {
      // closed meanwhile: no callback may follow
    }
  }

  private void connect() {
    ConnectionListener l = listener;
    if (closed || connection != 0 || l == null) {
      return;
    }
    if (broker.isUp()) {
      connection = ++connections;
      l.connected();
    } else {
      l.disconnected(
          failure(TransportException.Reason.UNREACHABLE, "the broker " + name + " is stopped"));
      connectLater();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // connect() throws only what a listener throws
  private void connectLater() {
    events.schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void cut() {
    run(
        () -> {
          ConnectionListener l = listener;
          if (connection != 0 && !closed && l != null) {
            connection = 0;
            l.disconnected(
                failure(TransportException.Reason.CONNECTION_LOST, "the connection was cut"));
            connectLater();
          }
        });
  }

  @Override
  public SharedLog log() {
    return this;
  }

  @Override
  public PeerChannel peers() {
    return this;
  }

  @Override
  public int maxRecordBytes() {
    return MAX_RECORD_BYTES;
  }

  @Override
  public String describe() {
    return "memory:" + name;
  }

  @Override
  public boolean renew(String why) {
    cut();
    return true;
  }

  @Override
  public void close() {
    closed = true;
    connection = 0;
    broker.remove(this);
    events.shutdownNow();
    deliveries.shutdownNow();
  }

  private static TransportException failure(TransportException.Reason reason, String message) {
    return new TransportException(reason, message, null);
  }

  private TransportException notConnected() {
    return closed
        ? failure(TransportException.Reason.CLOSED, "the transport is closed")
        : failure(TransportException.Reason.CONNECTION_LOST, "there is no connection to " + name);
  }

  // ---- log

  @Override
  public CompletionStage<Void> append(byte[] bytes) {
    if (bytes.length > MAX_RECORD_BYTES) {
      return CompletableFuture.failedFuture(
          failure(
              TransportException.Reason.TOO_LARGE,
              "a record must have at most %,d bytes, but had %,d"
                  .formatted(MAX_RECORD_BYTES, bytes.length)));
    }
    if (connection == 0) {
      return CompletableFuture.failedFuture(notConnected());
    }
    return broker.append(bytes)
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(
            failure(TransportException.Reason.RETURNED, "the broker returned a record"));
  }

  @Override
  public CompletionStage<Optional<LogRecord>> head() {
    return connection == 0
        ? CompletableFuture.failedFuture(notConnected())
        : CompletableFuture.completedFuture(broker.head());
  }

  @Override
  public LogSubscription subscribe(long fromOffset, LogHandler logHandler) {
    Subscription subscription =
        new Subscription(connection, fromOffset == NEXT ? broker.next() : fromOffset, logHandler);
    if (connection != 0) {
      deliveries.execute(subscription);
    }
    return subscription;
  }

  private final class Subscription implements LogSubscription, Runnable {
    private final long over;
    private final int generation = broker.generation();
    private final LogHandler logHandler;
    private long offset;
    private volatile boolean ended;

    Subscription(long over, long offset, LogHandler logHandler) {
      this.over = over;
      this.offset = offset;
      this.logHandler = logHandler;
    }

    @Override
    public void run() {
      try {
        while (!ended && connection == over && broker.generation() == generation) {
          LogRecord next = broker.await(offset, generation);
          if (next != null && !ended && connection == over) {
            offset++;
            logHandler.onRecord(next);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      ended = true;
    }
  }

  // ---- peers

  @Override
  public void register(Origin origin, PeerHandler peerHandler) {
    self = origin;
    handler = peerHandler;
  }

  @Override
  public CompletionStage<Void> send(Origin to, byte[] message) {
    if (connection == 0) {
      return CompletableFuture.failedFuture(notConnected());
    }
    for (MemoryTransport other : broker.transports()) {
      if (to.equals(other.self) && other.connection != 0) {
        other.receive(self, message);
        return CompletableFuture.completedFuture(null);
      }
    }
    return CompletableFuture.failedFuture(
        failure(TransportException.Reason.NO_SUCH_MEMBER, "no member " + to + " is connected"));
  }

  @Override
  public CompletionStage<Void> broadcast(byte[] message) {
    if (connection == 0) {
      return CompletableFuture.failedFuture(notConnected());
    }
    for (MemoryTransport other : broker.transports()) {
      if (other != this && other.connection != 0) {
        other.receive(self, message);
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private void receive(@Nullable Origin from, byte[] message) {
    PeerHandler to = handler;
    if (to != null && from != null) {
      run(() -> to.onMessage(from, message));
    }
  }
}
