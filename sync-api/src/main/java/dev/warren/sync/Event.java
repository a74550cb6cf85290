// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import org.jspecify.annotations.Nullable;

/**
 * One event of the log. Control events make epochs and views; cache events change the state of one
 * cache. Times are milliseconds since 1970-01-01 UTC by the author's clock; {@link #NEVER} means
 * without end. Byte arrays are never changed after construction.
 */
public sealed interface Event permits Event.Control, Event.CacheEvent {

  /** Expiry of entries that do not expire. */
  long NEVER = Long.MAX_VALUE;

  /** An {@code expected} position that stands for "absent". */
  long ABSENT = -2;

  /** No condition. */
  long ANY = -3;

  /** Events that make epochs and views. */
  sealed interface Control extends Event
      permits Epoch, Join, Ready, Leave, Suspect, Heartbeat, Noop, Opened, Closed {}

  /** Events of one cache. */
  sealed interface CacheEvent extends Event permits Clear, KeyEvent {
    String cache();
  }

  /** Events of one key. */
  sealed interface KeyEvent extends CacheEvent
      permits Put, Remove, Invalidate, Fill, Touch, Expire, Evict {
    Bytes key();
  }

  /** Where the data come from with which an epoch begins. */
  enum SourceKind {
    NOTHING,
    DATABASE,
    MEMBER
  }

  /** Opens {@code id} (A6). {@code member} is set exactly with {@link SourceKind#MEMBER}. */
  record Epoch(EpochId id, SourceKind source, @Nullable Origin member) implements Control {}

  /** A member enters the view. {@code name} is for people: host and process id. */
  record Join(String name) implements Control {}

  /** The author holds the full log state. */
  record Ready() implements Control {}

  /** The author leaves on purpose. */
  record Leave() implements Control {}

  /** Removes {@code member} unless a heartbeat of it stands behind {@code lastHeartbeat} (F1). */
  record Suspect(Origin member, long lastHeartbeat) implements Control {}

  /** Says that the author lives and names its figures at {@code position} (A8). */
  record Heartbeat(long position, long count, long sum) implements Control {}

  /** Has no effect: a barrier, or the place of an event that could no longer be sent (A3). */
  record Noop() implements Control {}

  /**
   * The author has {@code cache} open in {@code mode}; no effect while members have it open in
   * another one (F3). A mode is a word that is compared and nothing else.
   */
  record Opened(String cache, String mode) implements Control {}

  /** The author has {@code cache} open no more (F3). */
  record Closed(String cache) implements Control {}

  /** Removes everything from a cache. */
  record Clear(String cache) implements CacheEvent {}

  /**
   * Stores a value.
   *
   * @param expected write position that the entry must have, {@link #ABSENT} or {@link #ANY} (B5)
   */
  record Put(String cache, Bytes key, byte[] value, long expiryMillis, long expected)
      implements KeyEvent {}

  /** Removes a value; {@code expected} as in {@link Put}. */
  record Remove(String cache, Bytes key, long expected) implements KeyEvent {}

  /** Tells other nodes to drop what they loaded (C1). */
  record Invalidate(String cache, Bytes key) implements KeyEvent {}

  /** Shares a loaded value (B7); {@code began} is the position applied when the load began. */
  record Fill(String cache, Bytes key, byte[] value, long expiryMillis, long began, long expected)
      implements KeyEvent {}

  /** Moves the expiry of the entry written at {@code expected} (B8). */
  record Touch(String cache, Bytes key, long expiryMillis, long expected) implements KeyEvent {}

  /**
   * Removes the entry written at {@code expected} if its expiry is {@code seenExpiryMillis} (B9).
   */
  record Expire(String cache, Bytes key, long expected, long seenExpiryMillis)
      implements KeyEvent {}

  /** Removes the entry written at {@code expected} from a bounded cache (B9). */
  record Evict(String cache, Bytes key, long expected) implements KeyEvent {}
}
