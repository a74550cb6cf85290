// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log state of one cache, and how one event changes it (rules B1, B5 to B8, C1, E5). Changed
 * only by {@link Replica}, on its applier thread.
 */
public final class CacheState {

  private static final long NO_CUT = Long.MIN_VALUE;

  private final Map<Bytes, LogEntry> entries;
  private final Stripes stripes;
  private long clearedAt;

  /**
   * Cuts of keys whose document was ahead of the checkpoint; dropped when the log has passed them.
   */
  private final Map<Bytes, Long> cuts = new HashMap<>();

  private long cacheCut = NO_CUT;

  CacheState() {
    this(new HashMap<>(), new Stripes(0), 0);
  }

  CacheState(Map<Bytes, LogEntry> entries, Stripes stripes, long clearedAt) {
    this.entries = entries;
    this.stripes = stripes;
    this.clearedAt = clearedAt;
  }

  /** The entry, expired or not; null if absent. */
  public @Nullable LogEntry get(Bytes key) {
    return entries.get(key);
  }

  /** A read-only view; the applier thread's alone. */
  public Map<Bytes, LogEntry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  public Stripes stripes() {
    return stripes;
  }

  /** Position of the last {@code Clear}; 0 if there was none in this epoch. */
  public long clearedAt() {
    return clearedAt;
  }

  void dropCutsUpTo(long position) {
    cuts.values().removeIf(cut -> cut <= position);
    if (cacheCut <= position) {
      cacheCut = NO_CUT;
    }
  }

  boolean hasCuts() {
    return cacheCut != NO_CUT || !cuts.isEmpty();
  }

  /** The whole cache is known up to {@code position}, where a {@code Clear} stood (rule E5). */
  void cutAll(long position) {
    cacheCut = Math.max(cacheCut, position);
    clearedAt = Math.max(clearedAt, position);
    stripes.moveAll(position);
  }

  /**
   * A document says what the key is at {@code position}: later events apply, earlier ones do not.
   */
  void install(Bytes key, @Nullable LogEntry entry, long position, boolean ahead) {
    if (entry == null) {
      entries.remove(key);
    } else {
      entries.put(key, entry);
    }
    if (ahead) {
      cuts.merge(key, position, Math::max);
      stripes.move(key, position);
    }
  }

  Outcome clear(long position) {
    stripes.moveAll(position);
    if (position <= cacheCut) {
      return Outcome.COVERED;
    }
    clearedAt = Math.max(clearedAt, position);
    if (cuts.isEmpty()) {
      entries.clear();
    } else {
      entries.keySet().removeIf(key -> !isCovered(key, position));
    }
    return Outcome.EFFECTIVE;
  }

  /**
   * Applies an event of a key. What is unconditional looks its key up once: maps of this size do
   * not stand in a processor's cache, and these lookups are most of what applying costs.
   */
  Applied apply(Origin origin, long sequence, Event.KeyEvent event, long position) {
    Bytes key = event.key();
    Applied applied;
    if (isCovered(key, position)) {
      LogEntry entry = entries.get(key);
      applied = new Applied(origin, sequence, position, event, Outcome.COVERED, entry, entry);
    } else if (event instanceof Event.Put put && put.expected() == Event.ANY) {
      LogEntry after = written(put.value(), put.expiryMillis(), position);
      LogEntry before = entries.put(key, after);
      applied = new Applied(origin, sequence, position, event, Outcome.EFFECTIVE, before, after);
    } else if (event instanceof Event.Remove remove && remove.expected() == Event.ANY) {
      LogEntry before = entries.remove(key);
      applied = new Applied(origin, sequence, position, event, Outcome.EFFECTIVE, before, null);
    } else {
      LogEntry before = entries.get(key);
      boolean holds = holds(event, before);
      Outcome outcome = holds ? Outcome.EFFECTIVE : Outcome.INEFFECTIVE;
      LogEntry after = holds ? change(event, before, position) : before;
      applied = new Applied(origin, sequence, position, event, outcome, before, after);
    }
    if (event instanceof Event.Put
        || event instanceof Event.Remove
        || event instanceof Event.Invalidate) {
      stripes.move(key, position);
    }
    return applied;
  }

  /** What an event whose condition holds leaves of its key; null if nothing. */
  private @Nullable LogEntry change(
      Event.KeyEvent event, @Nullable LogEntry before, long position) {
    LogEntry after;
    if (event instanceof Event.Put put) {
      after = written(put.value(), put.expiryMillis(), position);
    } else if (event instanceof Event.Fill fill) {
      after = written(fill.value(), fill.expiryMillis(), position);
    } else if (event instanceof Event.Touch touch && before != null) {
      after = new LogEntry(before.value(), touch.expiryMillis(), before.writePosition(), position);
    } else if (event instanceof Event.Invalidate) {
      return before; // the node drops its copy by itself
    } else {
      entries.remove(event.key());
      return null;
    }
    entries.put(event.key(), after);
    return after;
  }

  /** The condition of an event, decided on the state before it (B5, B7, B8). */
  private boolean holds(Event.KeyEvent event, @Nullable LogEntry entry) {
    if (event instanceof Event.Put put) {
      return matches(entry, put.expected());
    } else if (event instanceof Event.Remove remove) {
      return matches(entry, remove.expected());
    } else if (event instanceof Event.Fill fill) {
      return stripes.at(fill.key()) <= fill.began()
          && (entry == null || entry.writePosition() == fill.expected());
    } else if (event instanceof Event.Touch touch) {
      return entry != null && entry.writePosition() == touch.expected();
    } else if (event instanceof Event.Expire expire) {
      return entry != null
          && entry.writePosition() == expire.expected()
          && entry.expiryMillis() == expire.seenExpiryMillis();
    } else if (event instanceof Event.Evict evict) {
      return entry != null && entry.writePosition() == evict.expected();
    }
    return true; // Invalidate
  }

  private static LogEntry written(byte[] value, long expiryMillis, long position) {
    return new LogEntry(value, expiryMillis, position, LogEntry.UNTOUCHED);
  }

  private static boolean matches(@Nullable LogEntry entry, long expected) {
    if (expected == Event.ANY) {
      return true;
    }
    return expected == Event.ABSENT
        ? entry == null
        : entry != null && entry.writePosition() == expected;
  }

  private boolean isCovered(Bytes key, long position) {
    if (position <= cacheCut) {
      return true;
    }
    Long cut = cuts.isEmpty() ? null : cuts.get(key);
    return cut != null && position <= cut;
  }
}
