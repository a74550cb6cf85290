// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.projector;

import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Document;
import dev.warren.sync.SnapshotStore.Generation;
import dev.warren.sync.SnapshotStore.Round;
import dev.warren.sync.member.Applier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the log state of changed keys to the database and moves its checkpoint (rules G1 to G3).
 *
 * <p>Every member keeps {@link Changes} since the position at which its memory began; the member
 * that the view names (of those that are ready the one that joined first) writes them. Why a change
 * of projector loses nothing: a successor takes up a checkpoint only if its own changes reach back
 * to it, else it opens new generations and fills them from its whole log state. The others read the
 * checkpoint now and then, to forget what it covers.
 *
 * <p>Why the copy is never behind its checkpoint: a round's documents are taken by reference from
 * one cut, are acknowledged before the checkpoint is replaced, and the replacement fails if another
 * projector moved it meanwhile. Documents of a failed round may be ahead of the checkpoint, which a
 * reader treats as cuts (E5).
 *
 * <p>On the applier thread, but for the store's calls, which block on a background thread.
 */
public final class LogProjector {

  /** Two clusters that share a database by mistake must not chase each other's epochs. */
  private static final Duration SURPASS_PAUSE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(LogProjector.class);
  private static final int IDLE_ROUNDS = 4;

  private final SnapshotStore store;
  private final WarrenMember member;
  private final Applier applier;
  private final Executor background;
  private final Duration interval;
  private final Predicate<String> persisted;
  private final Changes changes;

  /** Position from which on {@link #changes} are complete. */
  private long trackedFrom;

  private @Nullable EpochId trackedEpoch;

  /** The checkpoint on which the next round builds; null if it must be read first. */
  private @Nullable Checkpoint current;

  private long nextSurpassMillis;

  private boolean busy;
  private int idle;

  /** Why the database cannot be written or read; empty if it can. */
  private volatile String unusable = "";

  /** True if the last trouble was a failed write. */
  private boolean unwritable;

  /** Why it must not be written; empty if it may. */
  private volatile String foreign = "";

  private volatile boolean closed;

  /** A cut that is to be written. */
  private record Cut(Round round, long position) {}

  public LogProjector(
      SnapshotStore store,
      WarrenMember member,
      Applier applier,
      Executor background,
      Duration interval,
      Predicate<String> persisted) {
    this.store = store;
    this.member = member;
    this.applier = applier;
    this.background = background;
    this.interval = interval;
    this.persisted = persisted;
    this.changes = new Changes(persisted);
  }

  /** Begins to look for work; once. */
  public void start() {
    applier.schedule(interval, this::tick);
  }

  public void close() {
    closed = true;
  }

  /** Why the database is behind, without passwords; empty if it is not. Any thread. */
  public String trouble() {
    String reason = unusable;
    return reason.isEmpty() ? foreign : reason;
  }

  /** A memory was installed: what was tracked before belongs to another one. */
  public void installed(Replica replica) {
    changes.reset();
    trackedFrom = replica.position();
    trackedEpoch = replica.epoch();
    current = null;
  }

  /** An event was applied. */
  public void applied(Applied applied) {
    changes.add(applied);
  }

  private void tick() {
    if (closed) {
      return;
    }
    Replica replica = member.replica();
    if (!busy && replica != null && member.isReady() && replica.epoch().equals(trackedEpoch)) {
      idle++;
      boolean mine = replica.keeper().filter(member.origin()::equals).isPresent();
      if (!mine) {
        current = null;
        if (idle >= IDLE_ROUNDS) {
          idle = 0;
          readCheckpoint(this::forgetCovered);
        }
      } else if (current == null) {
        readCheckpoint(this::takeUp);
      } else if (!changes.isEmpty() || idle >= IDLE_ROUNDS) {
        idle = 0;
        write(nextRound(replica, current));
      }
    }
    applier.schedule(interval, this::tick);
  }

  private void readCheckpoint(java.util.function.Consumer<Optional<Checkpoint>> then) {
    inBackground(false, store::readCheckpoint, then);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // failures are handled where it completes
  private <T> void inBackground(
      boolean writes, java.util.function.Supplier<T> work, java.util.function.Consumer<T> then) {
    busy = true;
    CompletableFuture.supplyAsync(work, background)
        .whenComplete(
            (result, failure) ->
                applier.execute(
                    () -> {
                      busy = false;
                      if (closed) {
                        return;
                      }
                      if (failure != null) {
                        failed(writes, failure);
                      } else {
                        recovered(writes);
                        then.accept(result);
                      }
                    }));
  }

  private void failed(boolean writing, Throwable failure) {
    current = null;
    unwritable |= writing;
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    boolean first = unusable.isEmpty();
    unusable = String.valueOf(cause.getMessage());
    if (first) {
      LOG.warn(
          "WRN-0210 {} cannot be written or read; changes are kept and written when it is back: {}",
          store.describe(),
          unusable);
    }
  }

  /** A database that can be read and not written is not back yet. */
  private void recovered(boolean written) {
    if (!unusable.isEmpty() && (written || !unwritable)) {
      unwritable = false;
      unusable = "";
      LOG.info("{} is back", store.describe());
    }
  }

  private void forgetCovered(Optional<Checkpoint> found) {
    found
        .filter(checkpoint -> checkpoint.epoch().equals(trackedEpoch))
        .ifPresent(
            checkpoint -> {
              changes.dropUpTo(checkpoint.position());
              trackedFrom = Math.max(trackedFrom, checkpoint.position());
            });
  }

  private void takeUp(Optional<Checkpoint> found) {
    Replica replica = member.replica();
    if (replica == null || !replica.epoch().equals(trackedEpoch)) {
      return;
    }
    Checkpoint checkpoint = found.orElse(null);
    if (checkpoint != null
        && checkpoint.epoch().equals(replica.epoch())
        && checkpoint.position() >= trackedFrom
        && checkpoint.position() <= replica.position()) {
      changes.dropUpTo(checkpoint.position());
      current = checkpoint;
      foreign = "";
    } else if (checkpoint == null
        || checkpoint.epoch().equals(replica.epoch())
        || checkpoint.epoch().counter() < replica.epoch().counter()) {
      foreign = "";
      write(fullRound(replica, checkpoint));
    } else if (applier.nowMillis() >= nextSurpassMillis) {
      nextSurpassMillis = applier.nowMillis() + SURPASS_PAUSE.toMillis();
      foreign =
          "%s holds epoch %s, which is not before this cluster's %s: the next epoch begins above it; two clusters must not share a database under one name"
              .formatted(store.describe(), checkpoint.epoch(), replica.epoch());
      LOG.warn("WRN-0211 {}", foreign);
      member.surpass(checkpoint.epoch());
    }
  }

  /** G2: new generations, filled from the whole log state. */
  private Cut fullRound(Replica replica, @Nullable Checkpoint before) {
    Map<String, Generation> generations = new HashMap<>();
    List<Document> documents = new ArrayList<>();
    Generation opened = new Generation(replica.epoch().counter(), replica.position());
    for (String cache : replica.cacheNames()) {
      CacheState state = replica.cacheState(cache);
      if (state != null && persisted.test(cache)) {
        generations.put(cache, opened);
        state
            .entries()
            .forEach((key, entry) -> documents.add(document(replica, cache, key, entry)));
      }
    }
    return cut(replica, before, generations, documents);
  }

  private Cut nextRound(Replica replica, Checkpoint before) {
    Map<String, Generation> generations = new HashMap<>(before.generations());
    long counter = replica.epoch().counter();
    changes
        .cleared()
        .forEach((cache, position) -> generations.put(cache, new Generation(counter, position)));
    List<Document> documents = new ArrayList<>();
    changes
        .touched()
        .forEach(
            (cache, keys) -> {
              generations.computeIfAbsent(cache, c -> new Generation(counter, before.position()));
              CacheState state = replica.cacheState(cache);
              for (Bytes key : keys) {
                LogEntry entry = state == null ? null : state.get(key);
                documents.add(document(replica, cache, key, entry));
              }
            });
    return cut(replica, before, generations, documents);
  }

  private static Document document(
      Replica replica, String cache, Bytes key, @Nullable LogEntry entry) {
    long counter = replica.epoch().counter();
    return entry == null
        ? new Document(
            cache, key, counter, replica.position(), LogEntry.UNTOUCHED, null, Long.MAX_VALUE)
        : new Document(
            cache,
            key,
            counter,
            entry.writePosition(),
            entry.touchPosition(),
            entry.value(),
            entry.expiryMillis());
  }

  private static Cut cut(
      Replica replica,
      @Nullable Checkpoint before,
      Map<String, Generation> generations,
      List<Document> documents) {
    long version = before == null ? 0 : before.version();
    Checkpoint next =
        new Checkpoint(
            version + 1,
            replica.epoch(),
            replica.position(),
            Map.copyOf(generations),
            ReplicaStateCodec.encode(replica.state()));
    return new Cut(new Round(version, next, documents), replica.position());
  }

  private void write(Cut cut) {
    EpochId epoch = cut.round().next().epoch();
    inBackground(
        true,
        () -> store.writeRound(cut.round()),
        moved -> {
          if (!epoch.equals(trackedEpoch)) {
            return;
          }
          if (moved) {
            current = cut.round().next();
            changes.dropUpTo(cut.position());
            trackedFrom = Math.max(trackedFrom, cut.position());
          } else {
            current = null;
          }
        });
  }
}
