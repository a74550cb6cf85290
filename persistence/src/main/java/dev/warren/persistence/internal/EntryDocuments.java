// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.SnapshotStore.Document;
import java.time.Instant;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;

/**
 * The log state of one key as a document of its generation's collection:
 *
 * <pre>
 * {_id: "3f:AAFr",                 see KeyIds
 *  r: {e: int64 epoch counter,     ┐
 *      s: int64 write position,    │ decide which of two states wins
 *      u: int64 touch position,    ┘
 *      t: 0 | 1,                   1: a tombstone
 *      k: binary key,
 *      v: binary value, x: int64 expiry in ms      of a value
 *      p: date after which it may be purged}}      of a tombstone
 * </pre>
 *
 * <p>How a stale write is kept out: MongoDB compares embedded documents field by field in the order
 * in which they stand, so {@code $max} on {@code r} keeps the state with the greater (e, s, u),
 * whatever the order of writes; repeated and late ones do nothing. That rests on the order of the
 * fields and on e, s and u being int64 throughout. Equal (e, s, u) are decided by what follows,
 * alike in every order: the tombstone wins over the value.
 */
final class EntryDocuments {
  /** MongoDB's limit for a document is 16 MiB; this leaves room for the other fields. */
  static final int MAX_BYTES = (16 << 20) - (4 << 10);

  /** The field on which the index for purging stands. */
  static final String PURGE_FIELD = "r.p";

  private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

  private EntryDocuments() {}

  /** Bytes of key and value. */
  static int size(Document document) {
    byte[] value = document.value();
    return Math.addExact(document.key().length(), value == null ? 0 : value.length);
  }

  static UpdateOneModel<BsonDocument> upsert(Document document, Instant purge) {
    BsonDocument r =
        new BsonDocument("e", new BsonInt64(document.epochCounter()))
            .append("s", new BsonInt64(document.writePosition()))
            .append("u", new BsonInt64(document.touchPosition()))
            .append("t", new BsonInt32(document.value() == null ? 1 : 0))
            .append("k", new BsonBinary(document.key().array()));
    byte[] value = document.value();
    if (value == null) {
      r.append("p", new BsonDateTime(purge.toEpochMilli()));
    } else {
      r.append("v", new BsonBinary(value)).append("x", new BsonInt64(document.expiryMillis()));
    }
    return new UpdateOneModel<>(
        new BsonDocument("_id", new BsonString(KeyIds.of(document.key().array()))),
        new BsonDocument("$max", new BsonDocument("r", r)),
        UPSERT);
  }

  /**
   * Reads what {@link #upsert} wrote.
   *
   * @throws BsonInvalidOperationException if it is something else
   */
  static Document read(String cache, BsonDocument document) {
    BsonDocument r = document.getDocument("r");
    boolean tombstone = r.getInt32("t").getValue() == 1;
    return new Document(
        cache,
        Bytes.wrap(r.getBinary("k").getData()),
        r.getInt64("e").getValue(),
        r.getInt64("s").getValue(),
        r.getInt64("u").getValue(),
        tombstone ? null : r.getBinary("v").getData(),
        tombstone ? Event.NEVER : r.getInt64("x").getValue());
  }
}
