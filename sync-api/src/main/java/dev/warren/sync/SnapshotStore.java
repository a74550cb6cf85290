// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the log state is remembered outside the members (rules G1 to G3, E5). Calls block and throw
 * {@link SnapshotStoreException}; thread-safe, but rounds are written by one thread at a time.
 */
public interface SnapshotStore extends AutoCloseable {

  /** The newest checkpoint; empty if nothing was ever written. */
  Optional<Checkpoint> readCheckpoint();

  /**
   * Hands every document of the generations that {@code checkpoint} names, tombstones included, to
   * {@code sink}.
   */
  void scan(Checkpoint checkpoint, Consumer<Document> sink);

  /**
   * Writes the round's documents and then replaces the checkpoint, if it still is the one with
   * which the round began.
   *
   * @return false if another projector has moved the checkpoint meanwhile: the round is discarded
   */
  boolean writeRound(Round round);

  /** The store's address for messages, without password. */
  String describe();

  @Override
  void close();

  /**
   * Names the collection of a cache that {@code Clear} or a new epoch opened (G2).
   *
   * @param epochCounter counter of the epoch in which it was opened
   * @param position position of the {@code Clear}, or the applied position at which it was filled
   */
  record Generation(long epochCounter, long position) {}

  /**
   * How far the copy got (G3).
   *
   * @param version rises by one with each replacement, from 1
   * @param position last applied position that the copy covers
   * @param generations by cache name
   * @param state the replica's control state at {@code position}, encoded by the replica itself
   */
  record Checkpoint(
      long version,
      EpochId epoch,
      long position,
      java.util.Map<String, Generation> generations,
      byte[] state) {}

  /**
   * The log state of one key (G1). Of two documents of a key the one with the greater
   * (epochCounter, writePosition, touchPosition) wins, in whatever order they are written.
   *
   * @param value null for a tombstone
   * @param expiryMillis absolute, or {@link Event#NEVER}
   */
  record Document(
      String cache,
      Bytes key,
      long epochCounter,
      long writePosition,
      long touchPosition,
      byte @org.jspecify.annotations.Nullable [] value,
      long expiryMillis) {}

  /**
   * What a projector writes at once: documents, and then the checkpoint that covers them (G3).
   *
   * @param began version of the checkpoint that the round replaces; 0 for none
   * @param next checkpoint to write; its version is {@code began + 1}
   * @param documents of caches that {@code next} names; iterated once
   */
  record Round(long began, Checkpoint next, Iterable<Document> documents) {}
}
