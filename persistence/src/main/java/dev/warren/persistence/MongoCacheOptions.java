// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import dev.warren.persistence.internal.EntryCollection;
import dev.warren.persistence.internal.EntryFormat;
import dev.warren.persistence.internal.MongoUri;
import dev.warren.persistence.internal.SharedClient;
import dev.warren.sync.codec.KryoValueCodec;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link MongoCacheLoader} and a {@link MongoCacheWriter} find entries and in which form.
 * Immutable and serializable, as JCache wants its factories; {@link #toString} hides the password,
 * the serialized form cannot.
 */
public final class MongoCacheOptions<K, V> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** A serializable function. */
  @FunctionalInterface
  public interface Mapper<A, B> extends Function<A, B>, Serializable {}

  private final String uri;
  private final String namespace;
  private final Class<K> keyType;
  private final Class<V> valueType;
  private final List<String> allow;
  private final @Nullable Mapper<? super V, Document> toDocument;
  private final @Nullable Mapper<Document, ? extends V> fromDocument;
  private final Duration serverSelectionTimeout;

  private MongoCacheOptions(Builder<K, V> builder) {
    this.uri = builder.uri;
    this.namespace = builder.namespace;
    this.keyType = builder.keyType;
    this.valueType = builder.valueType;
    this.allow = builder.allow;
    this.toDocument = builder.toDocument;
    this.fromDocument = builder.fromDocument;
    this.serverSelectionTimeout = builder.serverSelectionTimeout;
  }

  /**
   * Begins options with codec bytes as values.
   *
   * @param uri address of a MongoDB, {@code mongodb://user:password@host:27017/database}
   * @param namespace {@code collection}, in the database that the address names (else {@code
   *     warren}), or {@code database.collection}
   * @param keyType with {@code valueType} and what their fields declare all that may be read
   * @throws IllegalArgumentException if address or namespace is malformed
   */
  public static <K, V> Builder<K, V> builder(
      String uri, String namespace, Class<K> keyType, Class<V> valueType) {
    return new Builder<>(uri, namespace, keyType, valueType);
  }

  /** Collects options. */
  public static final class Builder<K, V> {
    private final String uri;
    private final String namespace;
    private final Class<K> keyType;
    private final Class<V> valueType;
    private List<String> allow = List.of();
    private @Nullable Mapper<? super V, Document> toDocument;
    private @Nullable Mapper<Document, ? extends V> fromDocument;
    private Duration serverSelectionTimeout = DEFAULT_TIMEOUT;

    private Builder(String uri, String namespace, Class<K> keyType, Class<V> valueType) {
      MongoUri.parse("the address of a MongoDB cache loader or writer", uri);
      this.uri = uri;
      this.namespace = checkNamespace(namespace);
      this.keyType = Objects.requireNonNull(keyType, "keyType");
      this.valueType = Objects.requireNonNull(valueType, "valueType");
    }

    /**
     * Allows further classes to be read from codec bytes.
     *
     * @param patterns {@code com.acme.Order}, {@code com.acme.*} (one package) or {@code
     *     com.acme.**} (and below)
     */
    public Builder<K, V> allow(String... patterns) {
      this.allow = List.of(patterns);
      return this;
    }

    /**
     * Stores values as readable documents, with the key as {@code _id}, instead of codec bytes.
     *
     * @param toDocument makes the fields; an {@code _id} among them is left out
     * @param fromDocument receives the document with its {@code _id}
     * @throws IllegalArgumentException if the key type is not String, Integer, Long, UUID, Date or
     *     ObjectId
     */
    public Builder<K, V> documents(
        Mapper<? super V, Document> toDocument, Mapper<Document, ? extends V> fromDocument) {
      if (keyType != Object.class && !EntryFormat.Mapped.suits(keyType)) {
        throw new IllegalArgumentException(
            "keys of readable documents must be String, Integer, Long, UUID, Date or ObjectId, but"
                + " the key type is "
                + keyType.getName()
                + ": use another key type, or codec bytes");
      }
      this.toDocument = Objects.requireNonNull(toDocument, "toDocument");
      this.fromDocument = Objects.requireNonNull(fromDocument, "fromDocument");
      return this;
    }

    /**
     * How long a call waits for a server; 5 s by default.
     *
     * @throws IllegalArgumentException if it is not from 10 ms to 10 min
     */
    public Builder<K, V> serverSelectionTimeout(Duration timeout) {
      if (timeout.compareTo(Duration.ofMillis(10)) < 0
          || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
        throw new IllegalArgumentException(
            "the server selection timeout must be from 10 ms to 10 min, but was "
                + timeout.toMillis()
                + " ms");
      }
      this.serverSelectionTimeout = timeout;
      return this;
    }

    /** The options collected so far. */
    public MongoCacheOptions<K, V> build() {
      return new MongoCacheOptions<>(this);
    }

    private static String checkNamespace(String namespace) {
      int dot = namespace.indexOf('.');
      String database = dot < 0 ? "x" : namespace.substring(0, dot);
      String collection = namespace.substring(dot + 1);
      if (database.isEmpty()
          || collection.isEmpty()
          || collection.startsWith("system.")
          || collection.indexOf('$') >= 0
          || namespace.indexOf('\0') >= 0
          || !database.matches("[^/\\\\. \"$*<>:|?]+")) {
        throw new IllegalArgumentException(
            "the place of a cache in MongoDB must be collection or database.collection, but was "
                + namespace);
      }
      return namespace;
    }
  }

  /** Connects not yet. */
  EntryCollection<K, V> open() {
    SharedClient client =
        new SharedClient(
            MongoUri.parse("the address of a MongoDB cache loader or writer", uri),
            serverSelectionTimeout);
    int dot = namespace.indexOf('.');
    return new EntryCollection<>(
        client,
        dot < 0 ? null : namespace.substring(0, dot),
        namespace.substring(dot + 1),
        format());
  }

  private EntryFormat<K, V> format() {
    if (toDocument != null && fromDocument != null) {
      return new EntryFormat.Mapped<>(toDocument, fromDocument);
    }
    ClassLoader loader = valueType.getClassLoader();
    if (loader == null) {
      loader = keyType.getClassLoader();
    }
    if (loader == null) {
      loader = Thread.currentThread().getContextClassLoader();
    }
    if (loader == null) {
      loader = MongoCacheOptions.class.getClassLoader();
    }
    return new EntryFormat.Encoded<>(
        KryoValueCodec.of(loader, allow, keyType, valueType), valueType);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MongoCacheOptions<?, ?> that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<Object> parts() {
    return List.of(
        uri,
        namespace,
        keyType,
        valueType,
        allow,
        serverSelectionTimeout,
        toDocument == null ? "codec" : toDocument,
        fromDocument == null ? "codec" : fromDocument);
  }

  @Override
  public String toString() {
    return MongoUri.parse("uri", uri).display() + ", collection " + namespace;
  }
}
