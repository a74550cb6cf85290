// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import dev.warren.sync.LogRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A broker on virtual time with one log. What an append does to the log and what its author hears
 * of it are two things: records are lost before they are stored, stored ones are reported as
 * failed, connections end between the two.
 */
public final class SimulatedBroker {

  private final VirtualTime time;
  private final Set<SimulatedTransport> transports = new LinkedHashSet<>();
  private List<LogRecord> log = new ArrayList<>();
  private List<LogRecord> history = new ArrayList<>();
  private long next;
  private boolean up = true;
  private int returnPercent;
  private int returned;
  private int lossPercent;
  private int lost;
  private int generation;

  public SimulatedBroker(VirtualTime time) {
    this.time = time;
  }

  VirtualTime time() {
    return time;
  }

  /** Stops or starts the broker: connections end, the log stays. */
  public void setUp(boolean isUp) {
    up = isUp;
    cutConnections();
  }

  /** Ends all connections, each member hearing of it in its own time. */
  public void cutConnections() {
    List.copyOf(transports).forEach(SimulatedTransport::cut);
  }

  /** From now on so many of 100 appends are returned, not stored. */
  public void returnPercent(int percent) {
    returnPercent = percent;
  }

  /** From now on so many of 100 appends are confirmed and not stored. */
  public void lossPercent(int percent) {
    lossPercent = percent;
  }

  /** Appends confirmed and not stored so far. */
  public int lost() {
    return lost;
  }

  /** Appends returned so far. */
  public int returned() {
    return returned;
  }

  /**
   * Deletes the log. Connections end up to {@code notice} later; until then the old connections
   * append to the new log.
   */
  public void deleteLog(Duration notice) {
    log = new ArrayList<>();
    history = new ArrayList<>();
    next = 0;
    generation++;
    for (SimulatedTransport transport : List.copyOf(transports)) {
      transport.endSubscriptions();
      long micros = notice.toNanos() / 1000;
      long delay = micros == 0 ? 0 : time.random().nextLong(micros);
      time.at(time.nowMicros() + delay, transport::cut);
    }
  }

  /** Retention takes the first {@code records} records. */
  public void truncate(int records) {
    log = new ArrayList<>(log.subList(Math.min(records, log.size()), log.size()));
  }

  /** The last {@code records} records are lost, as by a power cut before they were on the disk. */
  public void loseTail(int records) {
    log = new ArrayList<>(log.subList(0, Math.max(0, log.size() - records)));
    history = new ArrayList<>(history.subList(0, Math.max(0, history.size() - records)));
    next = last() + 1;
  }

  /** Every record that the present log has held, those that retention took included. */
  public List<LogRecord> history() {
    return List.copyOf(history);
  }

  /** The retained records. */
  public List<LogRecord> retained() {
    return List.copyOf(log);
  }

  /** Number of retained records. */
  public int size() {
    return log.size();
  }

  /** Counts deletions of the log. */
  int generation() {
    return generation;
  }

  boolean isUp() {
    return up;
  }

  void add(SimulatedTransport transport) {
    transports.add(transport);
  }

  void remove(SimulatedTransport transport) {
    transports.remove(transport);
  }

  Set<SimulatedTransport> transports() {
    return transports;
  }

  boolean append(byte[] bytes) {
    if (time.random().nextInt(100) < returnPercent) {
      returned++;
      return false;
    }
    if (time.random().nextInt(100) < lossPercent) {
      lost++;
      return true;
    }
    LogRecord stored = new LogRecord(next, bytes);
    log.add(stored);
    history.add(stored);
    next += time.random().nextInt(20) == 0 ? 2 : 1; // offsets rise, with gaps that mean nothing
    List.copyOf(transports).forEach(SimulatedTransport::recordsCame);
    return true;
  }

  Optional<LogRecord> head() {
    return log.stream().findFirst();
  }

  long next() {
    return next;
  }

  /** Offset of the last record; -1 if there is none. */
  public long last() {
    return log.isEmpty() ? -1 : log.get(log.size() - 1).offset();
  }

  /** Retained records from {@code offset} on. */
  List<LogRecord> from(long offset) {
    int low = 0;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return log.subList(low, log.size());
  }
}
