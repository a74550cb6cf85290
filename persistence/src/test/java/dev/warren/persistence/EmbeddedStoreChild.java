// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Document;
import dev.warren.sync.SnapshotStore.Generation;
import dev.warren.sync.SnapshotStore.Round;
import dev.warren.sync.SnapshotStoreProvider;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Writes rounds to the store at an address and says {@code acknowledged <version>} after each. With
 * arguments {@code <uri> <rounds>}; ends without closing anything.
 */
final class EmbeddedStoreChild {
  static final int DOCUMENTS = 50;
  static final String CACHE = "c";

  private EmbeddedStoreChild() {}

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    SnapshotStore store = open(args[0]);
    long version = store.readCheckpoint().map(Checkpoint::version).orElse(0L);
    long last = version + Long.parseLong(args[1]);
    while (version < last) {
      if (!store.writeRound(round(version))) {
        throw new AssertionError("nobody else writes, but round " + version + " was discarded");
      }
      version++;
      out.println("acknowledged " + version);
    }
    out.println("end");
  }

  static SnapshotStore open(String uri) {
    return ServiceLoader.load(SnapshotStoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.handles("embedded"))
        .findFirst()
        .orElseThrow()
        .create(uri, "crash", Map.of("server-selection-timeout", "2 s"));
  }

  /** Each round has 50 new keys and rewrites the 50 of the round before. */
  static Round round(long began) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      documents.add(document(began + 1, began + 1, i));
      if (began > 0) {
        documents.add(document(began, began + 1, i));
      }
    }
    return new Round(
        began,
        new Checkpoint(
            began + 1,
            EpochId.NONE,
            began + 1,
            Map.of(CACHE, new Generation(1, 0)),
            new byte[] {(byte) began}),
        documents);
  }

  private static Document document(long keyRound, long writeRound, int i) {
    byte[] key = (keyRound + " " + i).getBytes(StandardCharsets.UTF_8);
    byte[] value = (keyRound + " " + i + " in " + writeRound).getBytes(StandardCharsets.UTF_8);
    return new Document(CACHE, Bytes.wrap(key), 1, writeRound, writeRound, value, Event.NEVER);
  }

  /** By key, the least write position that must be found once {@code version} was acknowledged. */
  static Map<String, Long> expected(long version) {
    Map<String, Long> expected = new HashMap<>();
    for (long round = 1; round <= version; round++) {
      for (int i = 0; i < DOCUMENTS; i++) {
        expected.put(round + " " + i, Math.min(round + 1, version));
      }
    }
    return expected;
  }
}
