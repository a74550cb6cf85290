// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.sync.SnapshotStore.Document;
import dev.warren.sync.SnapshotStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the documents of a round per cache and hands them on in chunks of at most 1,000 documents
 * and, all caches together, about 16 MiB, so that a round of any size takes bounded memory.
 */
final class RoundWriter {
  private static final int CHUNK_DOCUMENTS = 1_000;
  private static final long CHUNK_BYTES = 16L << 20;

  /** Writes one chunk. */
  interface Sink {
    void write(String cache, List<Document> chunk);
  }

  private final Sink sink;
  private final Map<String, List<Document>> chunks = new HashMap<>();
  private final Map<String, Integer> largest = new HashMap<>();
  private long bytes;

  RoundWriter(Sink sink) {
    this.sink = sink;
  }

  /**
   * Adds a document, which may write a chunk.
   *
   * @throws SnapshotStoreException if the document is too large for MongoDB
   */
  void add(Document document) {
    int size = EntryDocuments.size(document);
    if (size > EntryDocuments.MAX_BYTES) {
      throw new SnapshotStoreException(
          "key and value must be at most "
              + EntryDocuments.MAX_BYTES
              + " bytes, the most that a document of MongoDB holds, but in cache "
              + document.cache()
              + " an entry has "
              + size
              + " bytes: lower max-value-size or do not persist this cache",
          null);
    }
    largest.merge(document.cache(), size, Math::max);
    List<Document> chunk = chunks.computeIfAbsent(document.cache(), c -> new ArrayList<>());
    chunk.add(document);
    bytes += size;
    if (bytes >= CHUNK_BYTES) {
      flush();
    } else if (chunk.size() >= CHUNK_DOCUMENTS) {
      chunks.remove(document.cache());
      chunk.forEach(d -> bytes -= EntryDocuments.size(d));
      sink.write(document.cache(), chunk);
    }
  }

  /** Writes what is left. */
  void flush() {
    chunks.forEach(sink::write);
    chunks.clear();
    bytes = 0;
  }

  /** By cache, bytes of key and value of the largest document added. */
  Map<String, Integer> largest() {
    return largest;
  }
}
