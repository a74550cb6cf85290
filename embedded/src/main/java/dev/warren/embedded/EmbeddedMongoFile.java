// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/**
 * Databases in an H2 file whose documents are stored as BSON and whose index keys are compared as
 * they are.
 *
 * <p>The backend itself leaves both to Java serialization, and H2 then serializes two keys for each
 * comparison: a lookup among 30,000 keys costs thirty serializations. It opens its maps by name,
 * and a map that is open already keeps its types: so each is opened here, with types, just before.
 */
final class EmbeddedMongoFile extends H2Backend {

  EmbeddedMongoFile(MVStore store) {
    super(store);
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String name) {
    return new Database(name, getMvStore(), getCursorRegistry());
  }

  /*
   * The constructors above both of these classes open what the file holds, before these classes
   * could set fields of their own; the enclosing backend is there already, and has the store.
   */
  private final class Database extends H2Database {

    Database(String name, MVStore store, CursorRegistry cursors) {
      super(name, store, cursors);
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(
        String collection, CollectionOptions options) {
      getMvStore()
          .openMap(
              "databases." + getFullCollectionNamespace(collection),
              new MVMap.Builder<Object, Document>().valueType(new DocumentType()));
      return super.openOrCreateCollection(collection, options);
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(
        String collection, String index, List<IndexKey> keys, boolean sparse) {
      getMvStore()
          .openMap(
              getFullCollectionNamespace(collection) + "._index_" + index,
              new MVMap.Builder<KeyValue, Object>().keyType(new KeyType()));
      return super.openOrCreateUniqueIndex(collection, index, keys, sparse);
    }
  }

  /** {@code length varint | BSON}. */
  static final class DocumentType extends BasicDataType<Document> {
    private static final int OVERHEAD_BYTES = 200;

    @Override
    public int getMemory(Document document) { // H2 asks for a sample only
      return OVERHEAD_BYTES + 2 * encode(document).readableBytes();
    }

    @Override
    public void write(WriteBuffer buffer, Document document) {
      ByteBuf bson = encode(document);
      buffer.putVarInt(bson.readableBytes()).put(bson.nioBuffer());
    }

    /* An update changes a document in place, also while H2 writes the page in which it stands. */
    private static ByteBuf encode(Document document) {
      while (true) {
        ByteBuf bson = Unpooled.buffer();
        try {
          BsonEncoder.encodeDocument(document, bson);
          return bson;
        } catch (ConcurrentModificationException e) {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public Document read(ByteBuffer buffer) {
      byte[] bson = new byte[DataUtils.readVarInt(buffer)];
      buffer.get(bson);
      return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bson));
    }

    @Override
    public Document[] createStorage(int size) {
      return new Document[size];
    }
  }

  /** {@code number of values varint | each value}; strings compare as such, others as H2 does. */
  static final class KeyType extends BasicDataType<KeyValue> {
    private static final ObjectDataType VALUES = new ObjectDataType();

    @Override
    public int compare(KeyValue left, KeyValue right) {
      int common = Math.min(left.size(), right.size());
      for (int i = 0; i < common; i++) {
        int order = compareValues(left.get(i), right.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(left.size(), right.size());
    }

    private static int compareValues(Object left, Object right) {
      return left instanceof String a && right instanceof String b
          ? a.compareTo(b)
          : VALUES.compare(left, right);
    }

    @Override
    public int getMemory(KeyValue key) {
      return key.stream().mapToInt(VALUES::getMemory).sum();
    }

    @Override
    public void write(WriteBuffer buffer, KeyValue key) {
      buffer.putVarInt(key.size());
      key.forEach(value -> VALUES.write(buffer, value));
    }

    @Override
    public KeyValue read(ByteBuffer buffer) {
      Object[] values = new Object[DataUtils.readVarInt(buffer)];
      for (int i = 0; i < values.length; i++) {
        values[i] = VALUES.read(buffer);
      }
      return new KeyValue(values);
    }

    @Override
    public KeyValue[] createStorage(int size) {
      return new KeyValue[size];
    }
  }
}
