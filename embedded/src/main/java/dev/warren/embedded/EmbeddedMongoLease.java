// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.embedded.EmbeddedMongoProbe.Listener;
import dev.warren.sync.SnapshotStoreException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One user's share in the embedded MongoDB of an address, which may run in this JVM or in another.
 *
 * <p>The first process that needs it starts it; the others find it by asking the port. When the
 * process in which it ran is gone, the next one that needs it starts it again, on the same file.
 * Within this JVM the server is counted: it ends with its last lease. Several processes may race to
 * start it: one gets file and port, the others see them taken, wait and ask again.
 */
final class EmbeddedMongoLease implements AutoCloseable {

  /** How long a server that another process is starting may take to answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Servers of this JVM by port; guards itself and is held while one is started or stopped. */
  private static final Map<Integer, Running> RUNNING = new HashMap<>();

  private static final class Running {
    private final EmbeddedMongo server;
    private int leases;

    Running(EmbeddedMongo server) {
      this.server = server;
    }
  }

  private final EmbeddedMongoAddress address;

  /** Guarded by {@link #RUNNING}. */
  private @Nullable Running ours;

  private boolean closed;

  EmbeddedMongoLease(EmbeddedMongoAddress address) {
    this.address = address;
  }

  /**
   * Returns when an embedded MongoDB answers at the address.
   *
   * @throws SnapshotStoreException if something else does, or none can be started
   */
  void ensureRunning() {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    SnapshotStoreException failure = null;
    do {
      if (failure != null) {
        LockSupport.parkNanos(PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          throw new SnapshotStoreException("interrupted while starting " + describe(), failure);
        }
      }
      failure = attempt();
    } while (failure != null && System.nanoTime() < deadlineNanos);
    if (failure != null) {
      throw failure;
    }
  }

  /** Null if it runs; otherwise why not yet. */
  private @Nullable SnapshotStoreException attempt() {
    synchronized (RUNNING) {
      if (closed) {
        throw new SnapshotStoreException("the store is closed", null);
      }
      if (ours != null) {
        return null;
      }
      Running here = RUNNING.get(address.port());
      if (here != null) {
        here.leases++;
        try {
          requireSameFolder(new Listener.Embedded(dirOf(here.server)));
        } catch (SnapshotStoreException e) {
          here.leases--;
          throw e;
        }
        ours = here;
        return null;
      }
      Listener listener = EmbeddedMongoProbe.ask(address.port());
      if (listener instanceof Listener.Embedded embedded) {
        requireSameFolder(embedded);
        return null;
      } else if (listener instanceof Listener.Stranger) {
        throw new SnapshotStoreException(
            "port "
                + address.port()
                + " of 127.0.0.1 must be free or an embedded MongoDB's, but something else uses"
                + " it: stop that or choose another port, embedded:?port=…",
            null);
      }
      return start();
    }
  }

  private @Nullable SnapshotStoreException start() {
    try {
      Running started =
          new Running(
              address.dir() == null
                  ? EmbeddedMongo.inMemory(address.port())
                  : EmbeddedMongo.inFolder(address.port(), address.dir()));
      started.leases = 1;
      RUNNING.put(address.port(), started);
      ours = started;
      return null;
    } catch (UncheckedIOException e) {
      return new SnapshotStoreException(describe() + " cannot be started: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new SnapshotStoreException(describe() + " cannot be started: " + e.getMessage(), e);
    }
  }

  private void requireSameFolder(Listener.Embedded other) {
    if (!other.dir().equals(address.dirText())) {
      throw new SnapshotStoreException(
          "processes that share an embedded MongoDB must name the same folder, but the one on port "
              + address.port()
              + " keeps its data "
              + where(other.dir())
              + " and this process asks for it "
              + where(address.dirText())
              + ": give both the same dir, or another port",
          null);
    }
  }

  private static String where(String dir) {
    return dir.isEmpty() ? "in memory" : "in " + dir;
  }

  private static String dirOf(EmbeddedMongo server) {
    return server.dir() == null ? "" : String.valueOf(server.dir());
  }

  private String describe() {
    return address.describe();
  }

  /** Idempotent; stops the server if this JVM runs it and nobody else here uses it. */
  @Override
  public void close() {
    synchronized (RUNNING) {
      closed = true;
      Running running = ours;
      ours = null;
      if (running != null && --running.leases == 0) {
        RUNNING.remove(address.port());
        running.server.close();
      }
    }
  }
}
