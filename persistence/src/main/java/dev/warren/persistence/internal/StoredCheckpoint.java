// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Generation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's checkpoint as one document of {@code warren.checkpoints}:
 *
 * <pre>
 * {_id: "cluster",
 *  c: {f: 1,                                     format
 *      v: int64 version,                         compared and set (G3)
 *      e: int64, i: binary                       epoch: counter and id
 *      p: int64 position,
 *      g: [{n: "cache", e: int64, p: int64, m: int32 largest document}],
 *      o: [{n: "collection", t: date, d: bool}], obsolete collections
 *      s: binary control state}}
 * </pre>
 *
 * <p>All content stands in one field, which is replaced as a whole and so is never read torn.
 *
 * <p>How old generations go: a collection that the next checkpoint no longer names becomes
 * <em>obsolete</em>, as a node that read the last checkpoint may still be reading it. After a while
 * it is marked <em>doomed</em>, and the round after that drops it and takes it off the list. Who
 * scans looks again afterwards: what is neither named nor obsolete and not doomed may have been
 * dropped meanwhile. The list is part of the compared-and-set document, so that of several
 * projectors none drops what another one still names, and a crash forgets nothing.
 *
 * @param checkpoint its state is empty if it was not read
 * @param largest by cache, bytes of key and value of the largest document ever written to its
 *     generation: how many of them fit into one answer
 */
record StoredCheckpoint(
    Checkpoint checkpoint, Map<String, Integer> largest, List<Obsolete> obsolete) {

  /** Of what is stored, everything but the state. */
  static final BsonDocument WITHOUT_STATE = new BsonDocument("c.s", new BsonInt32(0));

  private static final int FORMAT = 1;

  /** A collection that the checkpoint no longer names. */
  record Obsolete(String collection, Instant since, boolean doomed) {}

  /**
   * What to store next.
   *
   * @param held what {@code next} replaces
   * @param dropped doomed collections of {@code held} that are gone
   * @param written by cache, the largest document of this round
   */
  static StoredCheckpoint after(
      @Nullable StoredCheckpoint held,
      Checkpoint next,
      CollectionNames names,
      Map<String, Integer> written,
      Set<String> dropped,
      Instant now,
      Duration dropAfter) {
    Map<String, Integer> largest = new HashMap<>(written);
    Set<String> named = new HashSet<>();
    next.generations().forEach((cache, generation) -> named.add(names.of(cache, generation)));
    List<Obsolete> obsolete = new ArrayList<>();
    if (held != null) {
      for (Obsolete o : held.obsolete()) {
        if (!named.contains(o.collection()) && !dropped.contains(o.collection())) {
          boolean doomed = o.doomed() || !now.isBefore(o.since().plus(dropAfter));
          obsolete.add(new Obsolete(o.collection(), o.since(), doomed));
        }
      }
      held.checkpoint()
          .generations()
          .forEach(
              (cache, generation) -> {
                String collection = names.of(cache, generation);
                if (!named.contains(collection)) {
                  obsolete.add(new Obsolete(collection, now, false));
                } else {
                  largest.merge(cache, held.largest().getOrDefault(cache, 0), Math::max);
                }
              });
    }
    return new StoredCheckpoint(next, largest, obsolete);
  }

  /** True if nobody can have dropped it while this was the checkpoint. */
  boolean keeps(String collection, CollectionNames names) {
    return checkpoint.generations().entrySet().stream()
            .anyMatch(g -> names.of(g.getKey(), g.getValue()).equals(collection))
        || obsolete.stream().anyMatch(o -> !o.doomed() && o.collection().equals(collection));
  }

  BsonDocument content() {
    BsonArray generations = new BsonArray();
    checkpoint
        .generations()
        .forEach(
            (cache, generation) ->
                generations.add(
                    new BsonDocument("n", new BsonString(cache))
                        .append("e", new BsonInt64(generation.epochCounter()))
                        .append("p", new BsonInt64(generation.position()))
                        .append("m", new BsonInt32(largest.getOrDefault(cache, 0)))));
    BsonArray old = new BsonArray();
    for (Obsolete o : obsolete) {
      old.add(
          new BsonDocument("n", new BsonString(o.collection()))
              .append("t", new BsonDateTime(o.since().toEpochMilli()))
              .append("d", BsonBoolean.valueOf(o.doomed())));
    }
    UUID id = checkpoint.epoch().id();
    byte[] idBytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return new BsonDocument("f", new BsonInt32(FORMAT))
        .append("v", new BsonInt64(checkpoint.version()))
        .append("e", new BsonInt64(checkpoint.epoch().counter()))
        .append("i", new BsonBinary(BsonBinarySubType.UUID_STANDARD, idBytes))
        .append("p", new BsonInt64(checkpoint.position()))
        .append("g", generations)
        .append("o", old)
        .append("s", new BsonBinary(checkpoint.state()));
  }

  /**
   * Reads what {@link #content} wrote.
   *
   * @throws BsonInvalidOperationException if it is something else or of another format
   */
  static StoredCheckpoint read(BsonDocument document) {
    BsonDocument c = document.getDocument("c");
    int format = c.getInt32("f").getValue();
    if (format != FORMAT) {
      throw new BsonInvalidOperationException(
          "its format is " + format + ", but this version of Warren reads format " + FORMAT);
    }
    Map<String, Generation> generations = new HashMap<>();
    Map<String, Integer> largest = new HashMap<>();
    for (BsonValue value : c.getArray("g")) {
      BsonDocument g = value.asDocument();
      String cache = g.getString("n").getValue();
      generations.put(
          cache, new Generation(g.getInt64("e").getValue(), g.getInt64("p").getValue()));
      largest.put(cache, g.getInt32("m").getValue());
    }
    List<Obsolete> obsolete = new ArrayList<>();
    for (BsonValue value : c.getArray("o")) {
      BsonDocument o = value.asDocument();
      obsolete.add(
          new Obsolete(
              o.getString("n").getValue(),
              Instant.ofEpochMilli(o.getDateTime("t").getValue()),
              o.getBoolean("d").getValue()));
    }
    ByteBuffer id = ByteBuffer.wrap(c.getBinary("i").getData());
    if (id.remaining() != 16) {
      throw new BsonInvalidOperationException("the id of its epoch has not 16 bytes");
    }
    EpochId epoch = new EpochId(c.getInt64("e").getValue(), new UUID(id.getLong(), id.getLong()));
    Checkpoint checkpoint =
        new Checkpoint(
            c.getInt64("v").getValue(),
            epoch,
            c.getInt64("p").getValue(),
            generations,
            c.containsKey("s") ? c.getBinary("s").getData() : new byte[0]);
    return new StoredCheckpoint(checkpoint, largest, obsolete);
  }
}
