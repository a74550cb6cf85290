// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.ConnectionListener;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of {@code embedded:}: that of {@code amqp:}, on a broker which is started when
 * there is none, and again when the process that ran it is gone.
 *
 * <p>Two threads, one after the other. Ours makes sure of a broker and then starts the AMQP
 * transport. From then on that one's own thread tells what becomes of the connection; when it ends,
 * the same thread makes sure of a broker before it connects again. So listeners are called by one
 * thread at a time, and nobody connects where nobody can listen.
 */
final class EmbeddedTransport implements ClusterTransport {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedTransport.class);
  private static final long PAUSE_MILLIS = 500;

  private final EmbeddedBrokerAddress address;
  private final EmbeddedBrokerLease lease;
  private final ClusterTransport amqp;
  private final String cluster;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What was reported last; used by the one thread that listeners are called from. */
  private String reported = "";

  EmbeddedTransport(EmbeddedBrokerAddress address, ClusterTransport amqp, String cluster) {
    this.address = address;
    this.lease = new EmbeddedBrokerLease(address);
    this.amqp = amqp;
    this.cluster = cluster;
  }

  @Override
  public void start(ConnectionListener listener) {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("a transport can be started only once");
    }
    Thread thread = new Thread(() -> begin(listener), "warren-embedded-" + cluster);
    thread.setDaemon(true);
    thread.start();
  }

  private void begin(ConnectionListener listener) {
    try {
      while (!ensureRunning(listener)) {
        if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (isClosed()) {
      return;
    }
    amqp.start(
        new ConnectionListener() {
          @Override
          public void connected() {
            listener.connected();
          }

          @Override
          public void disconnected(TransportException cause) {
            listener.disconnected(cause);
            if (cause.reason() == Reason.CONNECTION_LOST || cause.reason() == Reason.UNREACHABLE) {
              ensureRunning(listener);
            }
          }
        });
  }

  /** False, and the listener told, if there is no broker yet. */
  private boolean ensureRunning(ConnectionListener listener) {
    try {
      lease.ensureRunning();
      reported = "";
      return true;
    } catch (TransportException e) {
      if (!isClosed()) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(reported)) {
          reported = message;
          LOG.warn("WRN-0603 {}; trying again until it succeeds", message);
        }
        listener.disconnected(e);
      }
      return false;
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public SharedLog log() {
    return amqp.log();
  }

  @Override
  public PeerChannel peers() {
    return amqp.peers();
  }

  @Override
  public int maxRecordBytes() {
    return amqp.maxRecordBytes();
  }

  @Override
  public String describe() {
    return address.describe();
  }

  @Override
  public boolean renew(String why) {
    return amqp.renew(why);
  }

  @Override
  public void close() {
    closed.countDown();
    amqp.close();
    lease.close();
  }
}
