// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.memory;

import dev.warren.sync.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * One log in this JVM, shared by all transports of its name. It keeps every record until {@link
 * #deleteLog}. Tests cut connections and spoil appends through it. Thread-safe.
 */
public final class MemoryBroker {

  private static final Map<String, MemoryBroker> BROKERS = new ConcurrentHashMap<>();

  private final Set<MemoryTransport> transports = new CopyOnWriteArraySet<>();
  private final Object lock = new Object();

  // Guarded by lock.
  private List<LogRecord> log = new ArrayList<>();
  private boolean up = true;
  private int generation;
  private int appendsToReturn;

  private MemoryBroker() {}

  /** The broker of this name, made at first use. */
  public static MemoryBroker named(String name) {
    return BROKERS.computeIfAbsent(name, n -> new MemoryBroker());
  }

  /** Stops or starts the broker: all connections end, the log stays. */
  public void setUp(boolean isUp) {
    synchronized (lock) {
      up = isUp;
    }
    transports.forEach(MemoryTransport::cut);
  }

  /** Ends all connections; they come again by themselves. */
  public void cutConnections() {
    transports.forEach(MemoryTransport::cut);
  }

  /** The next {@code count} appends are returned, not stored. */
  public void returnAppends(int count) {
    synchronized (lock) {
      appendsToReturn = count;
    }
  }

  /** Forgets all records, as if the stream had been deleted, and ends all connections. */
  public void deleteLog() {
    synchronized (lock) {
      log = new ArrayList<>();
      generation++;
      lock.notifyAll();
    }
    transports.forEach(MemoryTransport::cut);
  }

  /** Number of records. */
  public int size() {
    synchronized (lock) {
      return log.size();
    }
  }

  boolean isUp() {
    synchronized (lock) {
      return up;
    }
  }

  void add(MemoryTransport transport) {
    transports.add(transport);
  }

  void remove(MemoryTransport transport) {
    transports.remove(transport);
  }

  Set<MemoryTransport> transports() {
    return transports;
  }

  /** Stores a record; false if it was to be returned. */
  boolean append(byte[] bytes) {
    synchronized (lock) {
      if (appendsToReturn > 0) {
        appendsToReturn--;
        return false;
      }
      log.add(new LogRecord(log.size(), bytes));
      lock.notifyAll();
      return true;
    }
  }

  Optional<LogRecord> head() {
    synchronized (lock) {
      return log.stream().findFirst();
    }
  }

  long next() {
    synchronized (lock) {
      return log.size();
    }
  }

  /** Rises with each deletion of the log: what was subscribed before ends. */
  int generation() {
    synchronized (lock) {
      return generation;
    }
  }

  /**
   * Waits up to 50 ms, less after a spurious wake-up, for the record at {@code offset}; null if
   * there is none yet, or if the log is no longer the one of {@code subscribed}.
   */
  @SuppressWarnings("WaitNotInLoop") // the caller loops
  @Nullable LogRecord await(long offset, int subscribed) throws InterruptedException {
    synchronized (lock) {
      if (offset >= log.size() && generation == subscribed) {
        lock.wait(50);
      }
      return offset < log.size() && generation == subscribed ? log.get((int) offset) : null;
    }
  }
}
