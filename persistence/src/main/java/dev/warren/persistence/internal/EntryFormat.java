// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.sync.codec.ValueCodec;
import java.util.Date;
import java.util.UUID;
import java.util.function.Function;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;

/** How loader and writer keep an entry in a document. */
public sealed interface EntryFormat<K, V> permits EntryFormat.Encoded, EntryFormat.Mapped {

  /** The {@code _id} of a key. */
  Object id(Object key);

  /** What the {@code _id} of a stored document is compared by with {@link #id}. */
  default Object comparable(Object id) {
    return id;
  }

  Document document(K key, V value);

  V value(Document document);

  /** {@code {_id: "3f:AAFr", k: binary key, v: binary value}}, see {@link KeyIds}. */
  record Encoded<K, V>(ValueCodec codec, Class<V> valueType) implements EntryFormat<K, V> {
    @Override
    public Object id(Object key) {
      return KeyIds.of(codec.encodeKey(key));
    }

    @Override
    public Document document(K key, V value) {
      byte[] encodedKey = codec.encodeKey(key);
      return new Document("_id", KeyIds.of(encodedKey))
          .append("k", new Binary(encodedKey))
          .append("v", new Binary(codec.encode(value)));
    }

    @Override
    public V value(Document document) {
      Binary binary = document.get("v", Binary.class);
      if (binary == null) {
        throw new IllegalArgumentException(
            "documents must hold a value in the field v, but "
                + document.get("_id")
                + " has none: if somebody else wrote it, remove it or use another collection");
      }
      return valueType.cast(codec.decode(binary.getData()));
    }
  }

  /** The key as {@code _id}, and the fields that the application chose. */
  record Mapped<K, V>(
      Function<? super V, Document> toDocument, Function<Document, ? extends V> fromDocument)
      implements EntryFormat<K, V> {

    /** True for types that MongoDB and Java compare alike. */
    public static boolean suits(Class<?> keyType) {
      return keyType == String.class
          || keyType == Integer.class
          || keyType == Long.class
          || keyType == UUID.class
          || keyType == Date.class
          || keyType == ObjectId.class;
    }

    @Override
    public Object id(Object key) {
      if (!suits(key.getClass())) {
        throw new IllegalArgumentException(
            "keys of readable documents must be String, Integer, Long, UUID, Date or ObjectId, but"
                + " one was a "
                + key.getClass().getName());
      }
      return key;
    }

    /** MongoDB takes 1 and 1L for the same id, whoever wrote it. */
    @Override
    public Object comparable(Object id) {
      return id instanceof Integer number ? (Object) number.longValue() : id;
    }

    @Override
    public Document document(K key, V value) {
      Document document = new Document("_id", id(key));
      toDocument
          .apply(value)
          .forEach(
              (name, field) -> {
                if (!name.equals("_id")) {
                  document.append(name, field);
                }
              });
      return document;
    }

    @Override
    public V value(Document document) {
      return fromDocument.apply(document);
    }
  }
}
