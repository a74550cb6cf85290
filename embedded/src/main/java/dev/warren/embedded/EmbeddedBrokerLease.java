// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.embedded.EmbeddedBrokerProbe.Listener;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user's share in the embedded broker of a port, which may run in this JVM or in another.
 *
 * <p>The first process that needs it starts it; the others find it by asking the port. When the
 * process in which it ran is gone, the next one that needs it starts it again, with an empty log.
 * Within this JVM the broker is counted: it ends with its last lease. Of several processes that
 * race to start it one gets its turn, by a file lock; the others wait and find it running.
 *
 * <p>Lock: {@link #LOCK} guards {@link #RUNNING} and every lease's {@link #ours}; it is held while
 * a broker is started or stopped, and nothing else is locked under it.
 */
final class EmbeddedBrokerLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBrokerLease.class);

  /** Closing waits so long for a broker that is just being started; then it is left to a thread. */
  private static final long CLOSE_SECONDS = 1;

  private static final int STRANGER_AGAIN = 4;
  private static final long STRANGER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final ReentrantLock LOCK = new ReentrantLock();

  /** Brokers of this JVM by port. */
  private static final Map<Integer, Running> RUNNING = new HashMap<>();

  private static final class Running {
    private final EmbeddedBroker broker;
    private int leases;

    Running(EmbeddedBroker broker) {
      this.broker = broker;
    }
  }

  private final EmbeddedBrokerAddress address;
  private @Nullable Running ours;

  /** True once a broker was there: to start another means that it is gone. */
  private boolean known;

  private volatile boolean closed;

  EmbeddedBrokerLease(EmbeddedBrokerAddress address) {
    this.address = address;
  }

  /** The broker that leases run in this JVM. */
  static Optional<EmbeddedBroker> running(int port) {
    LOCK.lock();
    try {
      return Optional.ofNullable(RUNNING.get(port)).map(running -> running.broker);
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Returns when an embedded broker answers at the port; takes seconds if it must be started.
   *
   * @throws TransportException if something else answers, none can be started, or this is closed
   */
  void ensureRunning() {
    LOCK.lock();
    try {
      if (closed) {
        throw new TransportException(Reason.CLOSED, "the transport is closed", null);
      }
      if (ours != null || share()) {
        return;
      }
      switch (ask()) {
        case EMBEDDED_BROKER -> known = true;
        case STRANGER ->
            throw new TransportException(
                Reason.UNSUITABLE_BROKER,
                "port "
                    + address.port()
                    + " of 127.0.0.1 must be free or an embedded broker's, but something else uses"
                    + " it: stop that or choose another port, warren.log = \"embedded:?port=…\"",
                null);
        case NOBODY -> startAlone();
      }
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Who listens; a broker that is coming or going answers nothing, so a stranger is asked again.
   */
  private Listener ask() {
    Listener listener = EmbeddedBrokerProbe.ask(address.port());
    for (int i = 0; i < STRANGER_AGAIN && listener == Listener.STRANGER && !closed; i++) {
      LockSupport.parkNanos(STRANGER_PAUSE_NANOS);
      listener = EmbeddedBrokerProbe.ask(address.port());
    }
    return listener;
  }

  private boolean share() {
    Running here = RUNNING.get(address.port());
    if (here == null) {
      return false;
    }
    here.leases++;
    ours = here;
    known = true;
    return true;
  }

  /** A start takes seconds, so processes wait for one another instead of starting one each. */
  private void startAlone() {
    try (FileChannel turns = turns()) {
      if (turns != null) {
        turns.lock(); // until the channel is closed, or this process ends
      }
      if (turns == null || ask() != Listener.EMBEDDED_BROKER) {
        start();
      }
      known = true;
    } catch (IOException e) {
      LOG.debug("the lock of starting processes", e);
    }
  }

  /** Null if there can be none; then a process that comes too late finds the port taken. */
  private @Nullable FileChannel turns() {
    Path file =
        Path.of(System.getProperty("user.home", "."), ".warren")
            .resolve("embedded-broker-" + address.port() + ".lock");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.debug("no lock of starting processes", e);
      return null;
    }
  }

  private void start() {
    try {
      Running started = new Running(EmbeddedBroker.startForJvm(address.port()));
      started.leases = 1;
      RUNNING.put(address.port(), started);
      ours = started;
    } catch (IllegalStateException e) {
      if (ask() != Listener.EMBEDDED_BROKER) {
        throw new TransportException(Reason.UNREACHABLE, String.valueOf(e.getMessage()), e);
      }
      LOG.debug("another process was quicker on port {}", address.port(), e);
      return;
    }
    if (known) {
      LOG.warn(
          "WRN-0602 the process that ran the embedded broker on 127.0.0.1:{} is gone, and with it"
              + " the log; this process runs it now, and members give it what they hold",
          address.port());
    }
  }

  /** Idempotent; stops the broker if this JVM runs it and nobody else here uses it. */
  @Override
  public void close() {
    closed = true;
    boolean mine = false;
    try {
      mine = LOCK.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (mine) {
      try {
        release();
      } finally {
        LOCK.unlock();
      }
      return;
    }
    Thread later = new Thread(this::releaseLater, "warren-embedded-stop-" + address.port());
    later.setDaemon(true);
    later.start();
  }

  private void releaseLater() {
    LOCK.lock();
    try {
      release();
    } finally {
      LOCK.unlock();
    }
  }

  private void release() {
    Running running = ours;
    ours = null;
    if (running != null && --running.leases == 0) {
      RUNNING.remove(address.port());
      running.broker.close();
    }
  }
}
