// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One member's connection to a {@link SimulatedBroker}. Requests travel on one lane, answers and
 * callbacks on another; a cut ends both at once, but its news travels too, so that a member may use
 * a connection that is gone.
 */
final class SimulatedTransport implements ClusterTransport, SharedLog, PeerChannel {

  private static final int MAX_RECORD_BYTES = 16 << 20;
  private static final long RETRY_MICROS = 20_000;

  private final SimulatedBroker broker;
  private final VirtualTime time;
  private final Lane requests;
  private final Lane callbacks;
  private final Set<Reader> readers = new LinkedHashSet<>();

  private @Nullable ConnectionListener listener;
  private @Nullable Origin self;
  private @Nullable PeerHandler handler;

  /** Number of the connection that stands; 0 if none. */
  private long connection;

  private long connections;
  private boolean closed;
  private boolean isolated;
  private int toMiss;
  private long peerBytes;

  SimulatedTransport(SimulatedBroker broker) {
    this.broker = broker;
    this.time = broker.time();
    this.requests = new Lane(time);
    this.callbacks = new Lane(time);
  }

  @Override
  public void start(ConnectionListener connectionListener) {
    listener = connectionListener;
    broker.add(this);
    connectLater(0);
  }

  private void connectLater(long micros) {
    time.at(time.nowMicros() + micros + time.jitterMicros(), this::connect);
  }

  private void connect() {
    ConnectionListener l = listener;
    if (closed || connection != 0 || l == null) {
      return;
    }
    if (broker.isUp() && !isolated) {
      connection = ++connections;
      callbacks.execute(l::connected);
    } else {
      callbacks.execute(
          () ->
              l.disconnected(
                  failure(TransportException.Reason.UNREACHABLE, "the broker is stopped")));
      connectLater(RETRY_MICROS);
    }
  }

  void cut() {
    ConnectionListener l = listener;
    if (connection != 0 && !closed && l != null) {
      connection = 0;
      readers.clear();
      callbacks.execute(() -> l.disconnected(lost()));
      connectLater(RETRY_MICROS);
    }
  }

  void setIsolated(boolean isIsolated) {
    isolated = isIsolated;
    if (isolated) {
      cut();
    }
  }

  /** The next {@code count} records do not reach this member, and nothing tells it so. */
  void miss(int count) {
    toMiss = count;
  }

  /** Records that are still to be missed. */
  int toMiss() {
    return toMiss;
  }

  /** Bytes that came over the peer channel. */
  long peerBytes() {
    return peerBytes;
  }

  void endSubscriptions() {
    readers.clear();
  }

  private static TransportException lost() {
    return failure(TransportException.Reason.CONNECTION_LOST, "the connection was cut");
  }

  private static TransportException failure(TransportException.Reason reason, String message) {
    return new TransportException(reason, message, null);
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
    return "simulation";
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
    readers.clear();
    broker.remove(this);
    requests.end();
    callbacks.end();
  }

  // ---- log

  @Override
  public CompletionStage<Void> append(byte[] bytes) {
    return request(
            () -> {
              if (!broker.append(bytes)) {
                throw failure(TransportException.Reason.RETURNED, "the broker returned a record");
              }
              return true;
            })
        .thenAccept(stored -> {});
  }

  @Override
  public CompletionStage<Optional<LogRecord>> head() {
    return request(broker::head);
  }

  private interface Work<T> {
    T perform() throws TransportException;
  }

  private <T> CompletionStage<T> request(Work<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    long over = connection;
    if (over == 0) {
      answer.completeExceptionally(lost());
      return answer;
    }
    requests.execute(
        () -> {
          if (connection != over) {
            callbacks.execute(() -> answer.completeExceptionally(lost()));
            return;
          }
          try {
            T result = work.perform();
            callbacks.execute(
                () -> {
                  if (connection == over) {
                    answer.complete(result);
                  } else {
                    answer.completeExceptionally(lost());
                  }
                });
          } catch (TransportException e) {
            callbacks.execute(() -> answer.completeExceptionally(e));
          }
        });
    return answer;
  }

  @Override
  public LogSubscription subscribe(long fromOffset, LogHandler logHandler) {
    Reader reader = new Reader(fromOffset, logHandler);
    long over = connection;
    if (over != 0) {
      requests.execute(
          () -> {
            if (connection == over) {
              readers.add(reader);
              reader.deliver();
            }
          });
    }
    return reader;
  }

  void recordsCame() {
    List.copyOf(readers).forEach(Reader::deliver);
  }

  private final class Reader implements LogSubscription {
    private final LogHandler logHandler;
    private final Lane deliveries = new Lane(time);
    private long from;

    Reader(long from, LogHandler logHandler) {
      this.from = from == NEXT ? broker.next() : from;
      this.logHandler = logHandler;
    }

    void deliver() {
      for (LogRecord next : List.copyOf(broker.from(from))) {
        from = next.offset() + 1;
        if (toMiss > 0) {
          toMiss--;
          continue;
        }
        deliveries.execute(() -> logHandler.onRecord(next));
      }
    }

    @Override
    public void close() {
      readers.remove(this);
      deliveries.end();
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
    return request(
            () -> {
              for (SimulatedTransport other : broker.transports()) {
                if (to.equals(other.self) && other.connection != 0) {
                  other.receive(self, message);
                  return true;
                }
              }
              throw failure(TransportException.Reason.NO_SUCH_MEMBER, "no member " + to);
            })
        .thenAccept(sent -> {});
  }

  @Override
  public CompletionStage<Void> broadcast(byte[] message) {
    return request(
            () -> {
              for (SimulatedTransport other : broker.transports()) {
                if (other != this && other.connection != 0) {
                  other.receive(self, message);
                }
              }
              return true;
            })
        .thenAccept(sent -> {});
  }

  private void receive(@Nullable Origin from, byte[] message) {
    PeerHandler to = handler;
    long over = connection;
    if (to != null && from != null) {
      callbacks.execute(
          () -> {
            if (connection == over) {
              peerBytes += message.length;
              to.onMessage(from, message);
            }
          });
    }
  }
}
