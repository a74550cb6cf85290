// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bson.BSONException;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.configuration.CodecConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one collection, for a loader or a writer. Connects on the first call; thread-safe.
 * Everything that fails is an {@link EntryFailure}.
 */
public final class EntryCollection<K, V> implements AutoCloseable {
  private static final int CHUNK = 1_000;
  private static final long CHUNK_BYTES = 16L << 20;

  /** Their ids fit into one command, which may hold 16 MiB. */
  private static final int KEYS_PER_QUERY = 50_000;

  private static final int BATCH = 256;
  private static final int MAX_DOCUMENT_BYTES = 16 << 20;
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

  private final SharedClient client;
  private final @Nullable String database;
  private final String name;
  private final EntryFormat<K, V> format;

  /**
   * Connects not yet.
   *
   * @param database null for the one that the address names
   */
  public EntryCollection(
      SharedClient client, @Nullable String database, String name, EntryFormat<K, V> format) {
    this.client = client;
    this.database = database;
    this.name = name;
    this.format = format;
  }

  /**
   * What became of several entries.
   *
   * @param done by index, which were done for certain
   * @param failure why not all were; null if all were
   */
  public record Result(BitSet done, @Nullable EntryFailure failure) {}

  /** The value of {@code key}; null if there is none. */
  public @Nullable V get(K key) {
    Object id = convert("key", () -> format.id(key));
    List<V> found = new ArrayList<>(1);
    query(List.of(id), document -> found.add(value(document)));
    return found.isEmpty() ? null : found.get(0);
  }

  /** The values there are, in one query for up to 50,000 keys. */
  public Map<K, V> getAll(Iterable<? extends K> keys) {
    Map<Object, K> byId = new HashMap<>();
    Map<K, V> found = new HashMap<>();
    List<Object> ids = new ArrayList<>();
    for (K key : keys) {
      Object id = convert("key", () -> format.id(key));
      if (byId.put(format.comparable(id), key) == null) {
        ids.add(id);
      }
    }
    for (int from = 0; from < ids.size(); from += KEYS_PER_QUERY) {
      query(
          ids.subList(from, Math.min(ids.size(), from + KEYS_PER_QUERY)),
          document -> {
            Object id = document.get("_id");
            K key = id == null ? null : byId.get(format.comparable(id));
            if (key != null) {
              found.put(key, value(document));
            }
          });
    }
    return found;
  }

  private interface Sink {
    void accept(Document document);
  }

  /** Decodes after the answer is complete, so that what the application does stays outside. */
  private void query(List<Object> ids, Sink sink) {
    List<Document> found =
        mongo(
            () ->
                collection()
                    .find(ids.size() == 1 ? Filters.eq(ids.get(0)) : Filters.in("_id", ids))
                    .batchSize(BATCH)
                    .into(new ArrayList<>()));
    found.forEach(sink::accept);
  }

  private V value(Document document) {
    return convert("value", () -> format.value(document));
  }

  /** Writes as many as it can; the lists are of one length. */
  public Result putAll(List<? extends K> keys, List<? extends V> values) {
    Writes writes = new Writes(keys.size());
    for (int i = 0; i < keys.size() && !writes.unreachable; i++) {
      K key = keys.get(i);
      V value = values.get(i);
      try {
        writes.add(i, convert("entry", () -> format.document(key, value)));
      } catch (EntryFailure e) {
        writes.failed(e);
      }
    }
    writes.flush();
    return writes.result();
  }

  /** Removes as many as it can; absent ones count as removed. */
  public Result removeAll(List<?> keys) {
    BitSet done = new BitSet(keys.size());
    EntryFailure failure = null;
    List<Object> ids = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Object key = keys.get(i);
      try {
        ids.add(convert("key", () -> format.id(key)));
        indexes.add(i);
      } catch (EntryFailure e) {
        failure = failure == null ? e : failure;
      }
    }
    try {
      for (int from = 0; from < ids.size(); from += CHUNK) {
        int to = Math.min(ids.size(), from + CHUNK);
        List<Object> chunk = ids.subList(from, to);
        mongo(() -> collection().deleteMany(Filters.in("_id", chunk)));
        indexes.subList(from, to).forEach(done::set);
      }
    } catch (EntryFailure e) {
      failure = failure == null ? e : failure;
    }
    return new Result(done, failure);
  }

  /** The chunk of {@link #putAll} that is being gathered, and what became of those before. */
  private final class Writes {
    private final BitSet done;
    private final List<ReplaceOneModel<RawBsonDocument>> chunk = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();
    private final Set<Object> ids = new HashSet<>();
    private long bytes;
    private @Nullable EntryFailure failure;
    private boolean unreachable;

    Writes(int size) {
      done = new BitSet(size);
    }

    void failed(EntryFailure e) {
      if (failure == null) {
        failure = e;
      }
    }

    Result result() {
      return new Result(done, failure);
    }

    void add(int index, Document document) {
      Object id = document.get("_id");
      RawBsonDocument raw = mongo(() -> encode(document));
      int size = raw.getByteBuffer().remaining();
      if (size > MAX_DOCUMENT_BYTES) {
        throw new EntryFailure(
            "an entry must take at most "
                + MAX_DOCUMENT_BYTES
                + " bytes as a document of MongoDB, but one takes "
                + size
                + ": store smaller values",
            null);
      }
      // the order within a chunk is not kept, so a key that comes twice begins the next one
      if (ids.contains(id) || chunk.size() >= CHUNK || bytes + size > CHUNK_BYTES) {
        flush();
      }
      ids.add(id);
      chunk.add(new ReplaceOneModel<>(Filters.eq(id), raw, UPSERT));
      indexes.add(index);
      bytes += size;
    }

    void flush() {
      if (!chunk.isEmpty() && !unreachable) {
        try {
          BitSet refused = write(chunk);
          for (int i = 0; i < chunk.size(); i++) {
            if (!refused.get(i)) {
              done.set(indexes.get(i));
            }
          }
        } catch (EntryFailure e) {
          // the outcome of this chunk is unknown, and the next one would only wait again
          failed(e);
          unreachable = true;
        }
      }
      chunk.clear();
      indexes.clear();
      ids.clear();
      bytes = 0;
    }

    /** Returns, by index, what the server refused. */
    private BitSet write(List<ReplaceOneModel<RawBsonDocument>> models) {
      BitSet refused = new BitSet();
      List<BulkWriteError> errors = bulkWrite(models);
      List<ReplaceOneModel<RawBsonDocument>> again = new ArrayList<>();
      List<Integer> againIndexes = new ArrayList<>();
      for (BulkWriteError error : errors) {
        if (error.getCode() == Failures.DUPLICATE_KEY) {
          // another writer inserted the same new key meanwhile: now it is there to be replaced
          again.add(models.get(error.getIndex()));
          againIndexes.add(error.getIndex());
        } else {
          refused.set(error.getIndex());
          failed(new EntryFailure(Failures.explain(client, errors), null));
        }
      }
      if (!again.isEmpty()) {
        List<BulkWriteError> still = bulkWrite(again);
        for (BulkWriteError error : still) {
          refused.set(againIndexes.get(error.getIndex()));
          failed(new EntryFailure(Failures.explain(client, still), null));
        }
      }
      return refused;
    }
  }

  private List<BulkWriteError> bulkWrite(List<ReplaceOneModel<RawBsonDocument>> models) {
    return mongo(
        () -> {
          try {
            collection().withDocumentClass(RawBsonDocument.class).bulkWrite(models, UNORDERED);
            return List.of();
          } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null || e.getWriteErrors().isEmpty()) {
              throw e;
            }
            return e.getWriteErrors();
          }
        });
  }

  private RawBsonDocument encode(Document document) {
    return new RawBsonDocument(document, collection().getCodecRegistry().get(Document.class));
  }

  private MongoCollection<Document> collection() {
    return (database == null ? client.database() : client.client().getDatabase(database))
        .getCollection(name);
  }

  /** Runs what the application or its codec does. */
  private static <T> T convert(String what, Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (RuntimeException e) {
      throw new EntryFailure("the " + what + " cannot be converted: " + e.getMessage(), e);
    }
  }

  private <T> T mongo(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (MongoException | IllegalStateException | IllegalArgumentException e) {
      throw new EntryFailure(Failures.explain(client, e), e);
    } catch (BSONException | CodecConfigurationException e) {
      throw new EntryFailure(
          "an entry cannot be written as a document of MongoDB: " + e.getMessage(), e);
    }
  }

  /** The address, passwords hidden, and the collection. */
  public String describe() {
    return client.describe() + ", collection " + name;
  }

  @Override
  public void close() {
    client.close();
  }
}
