// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOneModel;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link SnapshotStore} on MongoDB: one collection per cache and generation (see {@link
 * CollectionNames}, {@link EntryDocuments}) and one document for the checkpoint (see {@link
 * StoredCheckpoint}). Uses only what both MongoDB from 4.2 and mongo-java-server do alike: upserts
 * with {@code $max} in unordered bulk writes, one nested field replaced by a compare-and-set, and
 * scans of whole collections. No transactions, sessions, pipelines or ranges.
 *
 * <p>Connects on the first call. When the server cannot be reached one warning is logged, and one
 * line when it answers again; each call fails on its own.
 */
final class MongoSnapshotStore implements SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(MongoSnapshotStore.class);
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

  /** An upsert that lost the race to insert is repeated; it can lose that race once per key. */
  private static final int ATTEMPTS = 4;

  private static final int BATCH_DOCUMENTS = 1_000;

  /** Half of what a message may hold, as the fields between key and value take room too. */
  private static final int BATCH_BYTES = 24 << 20;

  private static final int DOCUMENT_OVERHEAD_BYTES = 512;

  private final SharedClient client;
  private final String cluster;
  private final StoreSettings settings;
  private final InstantSource clock;
  private final CollectionNames names;
  private final Set<String> indexed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean failing = new AtomicBoolean();

  MongoSnapshotStore(MongoUri uri, String cluster, StoreSettings settings, InstantSource clock) {
    this.client = new SharedClient(uri, settings.serverSelectionTimeout());
    this.cluster = cluster;
    this.settings = settings;
    this.clock = clock;
    this.names = new CollectionNames(cluster);
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    return Optional.ofNullable(stored(new BsonDocument())).map(StoredCheckpoint::checkpoint);
  }

  @Override
  public void scan(Checkpoint checkpoint, Consumer<Document> sink) {
    StoredCheckpoint before = stored(StoredCheckpoint.WITHOUT_STATE);
    checkpoint
        .generations()
        .forEach(
            (cache, generation) -> {
              int largest = before == null ? 0 : before.largest().getOrDefault(cache, 0);
              scan(cache, names.of(cache, generation), batch(largest), sink);
            });
    StoredCheckpoint after = stored(StoredCheckpoint.WITHOUT_STATE);
    checkpoint
        .generations()
        .forEach(
            (cache, generation) -> {
              if (after == null || !after.keeps(names.of(cache, generation), names)) {
                throw new SnapshotStoreException(
                    "the copy of cache "
                        + cache
                        + " in "
                        + describe()
                        + " was dropped while it was read: read the checkpoint again",
                    null);
              }
            });
  }

  /** How many documents one answer may hold; MongoDB itself cuts at 16 MiB, others do not. */
  private static int batch(int largest) {
    return Math.max(
        1, Math.min(BATCH_DOCUMENTS, BATCH_BYTES / (largest + DOCUMENT_OVERHEAD_BYTES)));
  }

  private void scan(String cache, String collection, int batch, Consumer<Document> sink) {
    MongoCursor<BsonDocument> cursor =
        mongo(() -> collection(collection).find().batchSize(batch).iterator());
    try {
      while (mongo(cursor::hasNext)) {
        BsonDocument found = mongo(cursor::next);
        Document document;
        try {
          document = EntryDocuments.read(cache, found);
        } catch (BsonInvalidOperationException e) {
          throw unreadable(collection, found, e);
        }
        sink.accept(document);
      }
    } finally {
      mongo(
          () -> {
            cursor.close();
            return true;
          });
    }
  }

  /*
   * A round: (1) look whether the checkpoint is still the one with which it began, so that a late
   * projector writes nothing; (2) write the documents, which is harmless whatever happens next;
   * (3) replace the checkpoint if it still is that one. Step 3 decides.
   */
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
    requireFits(next);
    StoredCheckpoint held = stored(StoredCheckpoint.WITHOUT_STATE);
    if ((held == null ? 0 : held.checkpoint().version()) != round.began()) {
      return false;
    }
    Instant now = clock.instant();
    Map<String, Integer> largest = writeDocuments(round, now);
    Set<String> dropped = held == null ? Set.of() : drop(held, next);
    return replace(
        round.began(),
        StoredCheckpoint.after(held, next, names, largest, dropped, now, settings.dropAfter()));
  }

  private Map<String, Integer> writeDocuments(Round round, Instant now) {
    Map<String, Generation> generations = round.next().generations();
    Instant purge = now.plus(settings.purgeTime());
    RoundWriter writer =
        new RoundWriter(
            (cache, chunk) -> {
              Generation generation = generations.get(cache);
              if (generation != null) {
                upsert(names.of(cache, generation), chunk, purge);
              }
            });
    for (Document document : round.documents()) {
      if (!generations.containsKey(document.cache())) {
        throw new IllegalArgumentException(
            "documents must be of caches that the checkpoint names, but one was of "
                + document.cache());
      }
      writer.add(document);
    }
    writer.flush();
    return writer.largest();
  }

  private void upsert(String collection, List<Document> chunk, Instant purge) {
    ensureIndex(collection);
    List<UpdateOneModel<BsonDocument>> left = new ArrayList<>();
    for (Document document : chunk) {
      left.add(EntryDocuments.upsert(document, purge));
    }
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      left = bulkWrite(collection, left, attempt < ATTEMPTS);
    }
  }

  /** Returns what lost the race to insert a new document and is worth repeating. */
  private List<UpdateOneModel<BsonDocument>> bulkWrite(
      String collection, List<UpdateOneModel<BsonDocument>> models, boolean again) {
    return mongo(
        () -> {
          try {
            collection(collection).bulkWrite(models, UNORDERED);
            return List.of();
          } catch (MongoBulkWriteException e) {
            List<BulkWriteError> errors = e.getWriteErrors();
            if (!again
                || e.getWriteConcernError() != null
                || errors.isEmpty()
                || errors.stream().anyMatch(w -> w.getCode() != Failures.DUPLICATE_KEY)) {
              throw e;
            }
            return errors.stream()
                .<UpdateOneModel<BsonDocument>>map(w -> models.get(w.getIndex()))
                .toList();
          }
        });
  }

  /** Tombstones whose purge date has passed are removed by MongoDB itself; once per collection. */
  private void ensureIndex(String collection) {
    if (indexed.contains(collection)) {
      return;
    }
    mongo(
        () -> {
          try {
            return collection(collection)
                .createIndex(
                    new BsonDocument(EntryDocuments.PURGE_FIELD, new BsonInt32(1)),
                    new IndexOptions().expireAfter(0L, TimeUnit.SECONDS).name("purge"));
          } catch (MongoCommandException e) {
            LOG.warn(
                "WRN-0403 {} has no index for purging, its tombstones stay: {}",
                collection,
                Failures.explain(client, e));
            return "";
          }
        });
    indexed.add(collection);
  }

  private boolean replace(long began, StoredCheckpoint next) {
    BsonDocument content = next.content();
    return mongo(
        () -> {
          MongoCollection<BsonDocument> checkpoints = collection(CollectionNames.CHECKPOINTS);
          if (began > 0) {
            BsonDocument same = id().append("c.v", new BsonInt64(began));
            BsonDocument set = new BsonDocument("$set", new BsonDocument("c", content));
            return checkpoints.updateOne(same, set).getMatchedCount() == 1;
          }
          try {
            checkpoints.insertOne(id().append("c", content));
            return true;
          } catch (MongoWriteException e) {
            if (e.getCode() == Failures.DUPLICATE_KEY) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Drops what is doomed; what cannot be dropped now is tried again in the next round. */
  private Set<String> drop(StoredCheckpoint held, Checkpoint next) {
    Set<String> kept = new HashSet<>();
    next.generations().forEach((cache, generation) -> kept.add(names.of(cache, generation)));
    Set<String> dropped = new HashSet<>();
    for (StoredCheckpoint.Obsolete obsolete : held.obsolete()) {
      if (obsolete.doomed() && !kept.contains(obsolete.collection())) {
        try {
          mongo(
              () -> {
                collection(obsolete.collection()).drop();
                return true;
              });
          indexed.remove(obsolete.collection());
          dropped.add(obsolete.collection());
        } catch (SnapshotStoreException e) {
          LOG.warn(
              "WRN-0402 the obsolete collection {} could not be dropped, the next round tries"
                  + " again: {}",
              obsolete.collection(),
              e.getMessage());
        }
      }
    }
    return dropped;
  }

  private static void requireFits(Checkpoint next) {
    if (next.state().length > EntryDocuments.MAX_BYTES / 2) {
      throw new SnapshotStoreException(
          "the control state of a checkpoint must be at most "
              + EntryDocuments.MAX_BYTES / 2
              + " bytes, but had "
              + next.state().length
              + ": persist fewer caches",
          null);
    }
  }

  private @Nullable StoredCheckpoint stored(BsonDocument projection) {
    BsonDocument found =
        mongo(
                () ->
                    Optional.ofNullable(
                        collection(CollectionNames.CHECKPOINTS)
                            .find(id())
                            .projection(projection)
                            .first()))
            .orElse(null);
    if (found == null) {
      return null;
    }
    try {
      return StoredCheckpoint.read(found);
    } catch (BsonInvalidOperationException e) {
      throw unreadable(CollectionNames.CHECKPOINTS, found, e);
    }
  }

  private SnapshotStoreException unreadable(
      String collection, BsonDocument document, BsonInvalidOperationException e) {
    return new SnapshotStoreException(
        "documents of "
            + collection
            + " in "
            + describe()
            + " must be as Warren writes them, but "
            + document.get("_id")
            + " is not: "
            + e.getMessage()
            + "; if somebody else wrote it, remove it",
        e);
  }

  private BsonDocument id() {
    return new BsonDocument("_id", new BsonString(cluster));
  }

  private MongoCollection<BsonDocument> collection(String name) {
    return client.database().getCollection(name, BsonDocument.class);
  }

  /** Runs one operation of the driver; nothing foreign runs in it. */
  private <T> T mongo(Supplier<T> operation) {
    try {
      T result = operation.get();
      if (failing.compareAndSet(true, false)) {
        LOG.info("MongoDB at {} answers again", describe());
      }
      return result;
    } catch (MongoException | IllegalStateException | IllegalArgumentException e) {
      String message =
          e instanceof MongoBulkWriteException bulk && !bulk.getWriteErrors().isEmpty()
              ? Failures.explain(client, bulk.getWriteErrors())
              : Failures.explain(client, e);
      if (!(e instanceof SharedClient.ClosedException) && failing.compareAndSet(false, true)) {
        LOG.warn("WRN-0401 {}", message);
      }
      throw new SnapshotStoreException(message, e);
    }
  }

  @Override
  public String describe() {
    return client.describe();
  }

  @Override
  public void close() {
    client.close();
  }
}
