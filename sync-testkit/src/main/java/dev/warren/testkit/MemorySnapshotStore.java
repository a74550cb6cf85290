// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import dev.warren.sync.Bytes;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SnapshotStore} in memory, for simulations and unit tests; keeps the contract of {@link
 * SnapshotStoreContract}. Thread-safe. Several handles share one {@link Disk}, as the members of a
 * cluster share a database; closing a handle leaves the disk alone.
 */
public final class MemorySnapshotStore implements SnapshotStore {

  /**
   * What outlives the handles. Everything is guarded by the disk itself. Documents are kept for
   * every generation that was ever written, so that a checkpoint read earlier can still be scanned.
   */
  public static final class Disk {
    private final Map<Place, Map<Bytes, Document>> documents = new HashMap<>();
    private @Nullable Checkpoint checkpoint;
    private boolean reachable = true;

    /** While false, every call of every handle fails, as if the database were down. */
    public synchronized void setReachable(boolean reachable) {
      this.reachable = reachable;
    }

    /** Forgets everything, as if the database had been emptied. */
    public synchronized void erase() {
      documents.clear();
      checkpoint = null;
    }
  }

  private record Place(String cache, Generation generation) {}

  /** Greater wins; of two equal states the tombstone, then any fixed choice. */
  private static final Comparator<Document> BY_STATE =
      Comparator.comparingLong(Document::epochCounter)
          .thenComparingLong(Document::writePosition)
          .thenComparingLong(Document::touchPosition)
          .thenComparing(d -> d.value() == null)
          .thenComparing(d -> d.value(), Comparator.nullsLast(Arrays::compareUnsigned))
          .thenComparingLong(Document::expiryMillis);

  private final Disk disk;
  private boolean closed;

  /** A store on a disk of its own. */
  public MemorySnapshotStore() {
    this(new Disk());
  }

  /** A store on {@code disk}, with whatever that holds. */
  public MemorySnapshotStore(Disk disk) {
    this.disk = disk;
  }

  /** The disk, for a further handle or to disturb it. */
  public Disk disk() {
    return disk;
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    synchronized (disk) {
      requireUsable();
      return Optional.ofNullable(disk.checkpoint);
    }
  }

  @Override
  public void scan(Checkpoint checkpoint, Consumer<Document> sink) {
    List<Document> found = new ArrayList<>();
    synchronized (disk) {
      requireUsable();
      checkpoint
          .generations()
          .forEach(
              (cache, generation) ->
                  found.addAll(
                      disk.documents
                          .getOrDefault(new Place(cache, generation), Map.of())
                          .values()));
    }
    found.forEach(sink);
  }

  @Override
  public boolean writeRound(Round round) {
    Checkpoint next = round.next();
    if (next.version() != round.began() + 1) {
      throw new IllegalArgumentException(
          "the next version must be "
              + (round.began() + 1)
              + ", one above that with which the round began, but was "
              + next.version());
    }
    synchronized (disk) {
      requireUsable();
      if (version() != round.began()) {
        return false;
      }
    }
    for (Document document : round.documents()) {
      Generation generation = next.generations().get(document.cache());
      if (generation == null) {
        throw new IllegalArgumentException(
            "documents must be of caches that the checkpoint names, but one was of "
                + document.cache());
      }
      synchronized (disk) {
        requireUsable();
        disk.documents
            .computeIfAbsent(new Place(document.cache(), generation), p -> new HashMap<>())
            .merge(document.key(), document, (a, b) -> BY_STATE.compare(a, b) >= 0 ? a : b);
      }
    }
    synchronized (disk) {
      requireUsable();
      if (version() != round.began()) {
        return false;
      }
      disk.checkpoint = next;
      return true;
    }
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {
    synchronized (disk) {
      closed = true;
    }
  }

  private long version() {
    Checkpoint checkpoint = disk.checkpoint;
    return checkpoint == null ? 0 : checkpoint.version();
  }

  private void requireUsable() {
    if (closed) {
      throw new SnapshotStoreException("the store is closed", null);
    }
    if (!disk.reachable) {
      throw new SnapshotStoreException("the store in memory was made unreachable", null);
    }
  }
}
