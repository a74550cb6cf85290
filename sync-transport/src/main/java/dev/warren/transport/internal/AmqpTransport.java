// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.Address;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Link} up.
 *
 * <p>One thread connects, tells the listener, waits for the end of the connection, tells the
 * listener, pauses and begins again. The client's own recovery is off: it would consume from the
 * first offset again, restart publish sequence numbers, and lose unconfirmed records silently.
 *
 * <p>The pause doubles from 50 ms to 2 s, each by ±25 % so that the members of a cluster do not
 * come all at once; a connection that stood for two seconds starts it anew. An attempt tries all
 * addresses once, from the one after the last that served.
 */
public final class AmqpTransport implements ClusterTransport, SharedLog, PeerChannel {
  private static final Logger LOG = LoggerFactory.getLogger(AmqpTransport.class);

  private static final int MAX_RECORD_BYTES = 16 << 20;
  private static final long LEAST_PAUSE_MILLIS = 50;
  private static final long MOST_PAUSE_MILLIS = 2_000;
  private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long CLOSE_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private final AmqpUri uri;
  private final String cluster;
  private final TransportSettings settings;
  private final TransportThreads threads;
  private final Attempts attempts = new Attempts();
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile Link.@Nullable Member member;
  private volatile @Nullable Link link;
  private volatile boolean closed;

  /** Set by {@link #start}. */
  private volatile @Nullable Thread loop;

  // Used by the loop's thread only.
  private int nextAddress;
  private @Nullable Reason reported;

  /** Makes a transport; opens no connection. */
  public AmqpTransport(AmqpUri uri, String cluster, TransportSettings settings) {
    this.uri = uri;
    this.cluster = cluster;
    this.settings = settings;
    this.threads = new TransportThreads(cluster);
  }

  // ---- the connection

  @Override
  public void start(ConnectionListener listener) {
    if (loop != null) {
      throw new IllegalStateException("a transport can be started only once");
    }
    Thread thread = threads.named("connection").newThread(() -> keepConnected(listener));
    loop = thread;
    thread.start();
  }

  private void keepConnected(ConnectionListener listener) {
    long pause = LEAST_PAUSE_MILLIS;
    try {
      while (!closed) {
        TransportException cause;
        long since = System.nanoTime();
        try {
          cause = serve(connect(), listener);
        } catch (TransportException e) {
          cause = e;
        }
        if (closed) {
          return;
        }
        if (cause.reason() == Reason.CONNECTION_LOST && System.nanoTime() - since > STEADY_NS) {
          pause = LEAST_PAUSE_MILLIS;
        }
        report(cause);
        listener.disconnected(cause);
        long jitter = ThreadLocalRandom.current().nextLong(-pause / 4, pause / 4 + 1);
        if (closing.await(pause + jitter, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(MOST_PAUSE_MILLIS, pause * 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("WRN-0306 the connection to {} is given up: its listener failed", uri, e);
    }
  }

  private Link connect() {
    TransportException worst = null;
    for (int i = 0; i < uri.addresses().size(); i++) {
      Address address = uri.addresses().get(nextAddress % uri.addresses().size());
      try {
        return Link.open(uri, address, cluster, settings, threads, member, attempts);
      } catch (TransportException e) {
        // "Unreachable" says least: another address's answer is worth more.
        worst = worst == null || worst.reason() == Reason.UNREACHABLE ? e : worst;
        nextAddress++;
      }
    }
    if (worst == null) {
      throw new IllegalStateException("a URI has at least one address");
    }
    throw worst;
  }

  /** Serves until the connection ends and says why it did. */
  private TransportException serve(Link opened, ConnectionListener listener)
      throws InterruptedException {
    link = opened;
    try {
      if (closed) {
        return closedException();
      }
      LOG.info("connected to {}, log {}", opened, opened.queue());
      reported = null;
      listener.connected();
      return opened.lost().get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      link = null;
      opened.end(closed ? closedException() : opened.lost().getNow(closedException()));
    }
  }

  /** Warns when the state changes, not at each attempt. */
  private void report(TransportException cause) {
    if (reported == cause.reason()
        || (reported == Reason.CONNECTION_LOST && cause.reason() == Reason.UNREACHABLE)) {
      LOG.debug("still no connection: {}", cause.getMessage());
      return;
    }
    reported = cause.reason();
    if (cause.reason() == Reason.CONNECTION_LOST) {
      LOG.warn("WRN-0301 {}; connecting again until it succeeds", cause.getMessage());
    } else {
      LOG.warn("WRN-0302 {}; trying again until it succeeds", cause.getMessage());
    }
  }

  @Override
  public boolean renew(String why) {
    Link current = link;
    if (current == null || current.isBlocked()) {
      return false;
    }
    current.lose(new IOException(why));
    return true;
  }

  @Override
  public void close() {
    synchronized (closing) {
      if (closed) {
        return;
      }
      closed = true;
    }
    long deadline = System.nanoTime() + CLOSE_NS;
    closing.countDown();
    Link last = link;
    if (last == null) {
      attempts.breakOff();
    } else {
      last.end(closedException());
    }
    try {
      Thread thread = loop;
      if (thread != null && thread != Thread.currentThread()) {
        TimeUnit.NANOSECONDS.timedJoin(
            thread,
            Math.max(1, Math.min(TimeUnit.SECONDS.toNanos(1), deadline - System.nanoTime())));
      }
      if (last != null) {
        last.joinConsumers(deadline);
      }
      threads.close(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TransportException closedException() {
    return new TransportException(Reason.CLOSED, "the transport is closed", null);
  }

  private TransportException notConnected() {
    return closed
        ? closedException()
        : new TransportException(Reason.CONNECTION_LOST, "there is no connection to " + uri, null);
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
    return uri.toString();
  }

  // ---- log

  @Override
  public CompletionStage<Void> append(byte[] bytes) {
    if (bytes.length > MAX_RECORD_BYTES) {
      return CompletableFuture.failedFuture(tooLarge(bytes));
    }
    Link current = link;
    return current == null
        ? CompletableFuture.failedFuture(notConnected())
        : nonNull(current.append(bytes));
  }

  @Override
  public CompletionStage<Optional<LogRecord>> head() {
    Link current = link;
    return current == null ? CompletableFuture.failedFuture(notConnected()) : current.head();
  }

  @Override
  public LogSubscription subscribe(long fromOffset, LogHandler handler) {
    Link current = link;
    if (current == null) {
      return () -> {};
    }
    LogConsumer consumer = new LogConsumer(current, fromOffset, handler, current::forget);
    current.subscribe(consumer);
    return consumer;
  }

  // ---- peers

  @Override
  public void register(Origin self, PeerHandler handler) {
    if (loop != null) {
      throw new IllegalStateException("a member must register before its transport is started");
    }
    member = new Link.Member(self, handler);
  }

  @Override
  public CompletionStage<Void> send(Origin to, byte[] message) {
    return publish(to, message);
  }

  @Override
  public CompletionStage<Void> broadcast(byte[] message) {
    return publish(null, message);
  }

  private CompletionStage<Void> publish(@Nullable Origin to, byte[] message) {
    if (message.length > MAX_RECORD_BYTES) {
      return CompletableFuture.failedFuture(tooLarge(message));
    }
    Link current = link;
    Link.Member self = member;
    if (self == null) {
      throw new IllegalStateException("a member must register before it sends");
    }
    return current == null
        ? CompletableFuture.failedFuture(notConnected())
        : nonNull(current.send(self.self(), to, message));
  }

  private static TransportException tooLarge(byte[] bytes) {
    return new TransportException(
        Reason.TOO_LARGE,
        "a record or message must have at most %,d bytes, but had %,d"
            .formatted(MAX_RECORD_BYTES, bytes.length),
        null);
  }

  /** {@code Void} has no other value than null. */
  @SuppressWarnings("NullAway")
  private static CompletionStage<Void> nonNull(CompletableFuture<@Nullable Void> stage) {
    return stage;
  }
}
