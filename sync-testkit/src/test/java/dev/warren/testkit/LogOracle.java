// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.Replica;
import dev.warren.sync.wire.BatchCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a log of one epoch says, read a second time and without any code of the replica: rules A4,
 * A5, B1, B5 to B9, F1 and F3, one after the other, as they stand in docs/protocol.md. Replicas
 * that all make the same mistake are equal to each other, but not to this.
 */
final class LogOracle {
  private static final int STRIPES = 256;

  private record Entry(String value, long expiryMillis, long written, long touched) {
    @Override
    public String toString() {
      return value + " until " + expiryMillis + ", written " + written + ", touched " + touched;
    }
  }

  private record Joined(boolean ready, long heard) {}

  private record Open(String mode, Set<Origin> by) {}

  private final Map<Origin, Long> sequences = new HashMap<>();
  private final Map<Origin, List<String>> order = new HashMap<>();
  private final Map<String, Map<Bytes, Entry>> caches = new TreeMap<>();
  private final Map<String, long[]> stripes = new TreeMap<>();
  private final Map<Origin, Joined> view = new TreeMap<>();
  private final Map<String, Open> open = new TreeMap<>();
  private final Set<Origin> everOpened = new HashSet<>();
  private final List<String> unopened = new ArrayList<>();
  private EpochId epoch = EpochId.NONE;
  private long epochs;

  LogOracle(List<LogRecord> history) {
    for (LogRecord each : history) {
      Batch batch = decode(each);
      if (batch.events().get(0) instanceof Event.Epoch opening) {
        if (epochs == 0) {
          epoch = opening.id();
        }
        epochs = Math.max(epochs, opening.id().counter());
      } else if (batch.epoch().equals(epoch)) {
        read(each.offset(), batch);
      }
    }
  }

  private static Batch decode(LogRecord each) {
    try {
      return BatchCodec.decode(each.bytes());
    } catch (Exception e) {
      throw new AssertionError("a record is no batch", e);
    }
  }

  private void read(long offset, Batch batch) {
    long last = sequences.getOrDefault(batch.origin(), 0L);
    if (batch.firstSequence() > last + 1) {
      return;
    }
    for (int i = 0; i < batch.events().size(); i++) {
      long sequence = batch.firstSequence() + i;
      if (sequence > last) {
        sequences.put(batch.origin(), sequence);
        apply(batch.origin(), Positions.of(offset, i), batch.events().get(i));
      }
    }
  }

  private void apply(Origin origin, long position, Event event) {
    if (event instanceof Event.CacheEvent cacheEvent) {
      order.computeIfAbsent(origin, o -> new ArrayList<>()).add(text(event));
      if (cacheEvent.cache().equals(ClusterSimulation.OPENED) && !everOpened.contains(origin)) {
        unopened.add(origin + " " + text(event));
      }
      apply(cacheEvent, position);
    } else if (event instanceof Event.Join) {
      view.put(origin, new Joined(false, position));
    } else if (event instanceof Event.Leave) {
      view.remove(origin);
      open.values().forEach(of -> of.by.remove(origin));
    } else if (event instanceof Event.Opened opened) {
      Open of = open.get(opened.cache());
      boolean isFree = of == null || of.by.isEmpty() || of.mode.equals(opened.mode());
      if (view.containsKey(origin) && isFree) {
        Set<Origin> by = of == null ? new TreeSet<>() : of.by;
        by.add(origin);
        open.put(opened.cache(), new Open(opened.mode(), by));
        everOpened.add(origin);
      }
    } else if (event instanceof Event.Closed closed) {
      open.getOrDefault(closed.cache(), new Open("", new HashSet<>())).by.remove(origin);
    } else if (event instanceof Event.Ready) {
      view.computeIfPresent(origin, (o, old) -> new Joined(true, old.heard));
    } else if (event instanceof Event.Heartbeat) {
      view.computeIfPresent(origin, (o, old) -> new Joined(old.ready, position));
    } else if (event instanceof Event.Suspect suspect) {
      Joined old = view.get(suspect.member());
      if (old != null && old.heard <= suspect.lastHeartbeat()) {
        view.remove(suspect.member());
        open.values().forEach(of -> of.by.remove(suspect.member()));
      }
    }
  }

  private void apply(Event.CacheEvent event, long position) {
    Map<Bytes, Entry> entries = caches.computeIfAbsent(event.cache(), c -> new HashMap<>());
    long[] moved = stripes.computeIfAbsent(event.cache(), c -> new long[STRIPES]);
    if (event instanceof Event.Clear) {
      entries.clear();
      Arrays.fill(moved, position);
      return;
    }
    Bytes key = ((Event.KeyEvent) event).key();
    Entry old = entries.get(key);
    int stripe = key.hashCode() & (STRIPES - 1);
    Entry next = next(event, old, moved[stripe], position);
    if (next == null) {
      entries.remove(key);
    } else {
      entries.put(key, next);
    }
    if (event instanceof Event.Put
        || event instanceof Event.Remove
        || event instanceof Event.Invalidate) {
      moved[stripe] = position;
    }
  }

  private static @Nullable Entry next(
      Event.CacheEvent event, @Nullable Entry old, long moved, long position) {
    long written = old == null ? Event.ABSENT : old.written;
    if (event instanceof Event.Put put) {
      return put.expected() == Event.ANY || put.expected() == written
          ? new Entry(utf8(put.value()), put.expiryMillis(), position, -1)
          : old;
    } else if (event instanceof Event.Remove remove) {
      return remove.expected() == Event.ANY || remove.expected() == written ? null : old;
    } else if (event instanceof Event.Fill fill) {
      return moved <= fill.began() && (old == null || fill.expected() == written)
          ? new Entry(utf8(fill.value()), fill.expiryMillis(), position, -1)
          : old;
    } else if (event instanceof Event.Touch touch) {
      return old != null && touch.expected() == written
          ? new Entry(old.value, touch.expiryMillis(), old.written, position)
          : old;
    } else if (event instanceof Event.Expire expire) {
      boolean gone =
          old != null
              && expire.expected() == written
              && expire.seenExpiryMillis() == old.expiryMillis;
      return gone ? null : old;
    } else if (event instanceof Event.Evict evict) {
      return evict.expected() == written ? null : old;
    }
    return old;
  }

  /** The highest epoch that the log opens; of several first ones the first counts. */
  long epochs() {
    return epochs;
  }

  /** What {@code origin}'s events of caches were, in the order of the log. */
  List<String> order(Origin origin) {
    return order.getOrDefault(origin, List.of());
  }

  /** Entries, stripes, sequences and view, to be compared with {@link #describe(Replica)}. */
  Map<String, String> describe() {
    Map<String, String> all = entries();
    stripes.forEach((cache, moved) -> all.put("stripes " + cache, Arrays.toString(moved)));
    sequences.forEach((origin, last) -> all.put("sequence " + origin, "" + last));
    view.forEach((origin, member) -> all.put("member " + origin, member.ready ? "ready" : "-"));
    open.forEach((cache, of) -> describe(all, cache, of.mode, of.by));
    return all;
  }

  private static void describe(Map<String, String> all, String cache, String mode, Set<Origin> by) {
    if (!by.isEmpty()) {
      all.put("open " + cache, mode + " by " + new TreeSet<>(by));
    }
  }

  /** Whether {@code member} has {@code cache} open. */
  boolean hasOpen(String cache, Origin member) {
    Open of = open.get(cache);
    return of != null && of.by.contains(member);
  }

  /** Events of the cache that is opened by those who never opened it with effect. */
  List<String> unopened() {
    return unopened;
  }

  /** The entries alone. */
  Map<String, String> entries() {
    Map<String, String> all = new TreeMap<>();
    caches.forEach(
        (cache, entries) ->
            entries.forEach(
                (key, entry) -> all.put(cache + "/" + utf8(key.array()), entry.toString())));
    return all;
  }

  /** As {@link #describe()}, of a replica. */
  static Map<String, String> describe(Replica replica) {
    Map<String, String> all = entries(replica);
    replica
        .state()
        .caches()
        .forEach(
            (cache, control) -> all.put("stripes " + cache, Arrays.toString(control.stripes())));
    replica.state().sequences().forEach((origin, last) -> all.put("sequence " + origin, "" + last));
    replica
        .view()
        .forEach((origin, member) -> all.put("member " + origin, member.ready() ? "ready" : "-"));
    replica.state().open().forEach((cache, of) -> describe(all, cache, of.mode(), of.members()));
    return all;
  }

  static Map<String, String> entries(Replica replica) {
    Map<String, String> all = new TreeMap<>();
    for (String cache : replica.cacheNames()) {
      CacheState state = replica.cacheState(cache);
      if (state != null) {
        state
            .entries()
            .forEach(
                (key, e) ->
                    all.put(
                        cache + "/" + utf8(key.array()),
                        new Entry(
                                utf8(e.value()),
                                e.expiryMillis(),
                                e.writePosition(),
                                e.touchPosition())
                            .toString()));
      }
    }
    return all;
  }

  /** An event, to be compared and read: values are unique in a run. */
  static String text(Event event) {
    boolean isOpened =
        event instanceof Event.CacheEvent of && of.cache().equals(ClusterSimulation.OPENED);
    return (isOpened ? ClusterSimulation.OPENED + " " : "") + plainText(event);
  }

  private static String plainText(Event event) {
    if (event instanceof Event.Put put) {
      return "put " + utf8(put.key().array()) + " " + utf8(put.value());
    } else if (event instanceof Event.Fill fill) {
      return "fill " + utf8(fill.key().array()) + " " + utf8(fill.value());
    } else if (event instanceof Event.Clear clear) {
      return "clear " + clear.cache();
    }
    Event.KeyEvent keyEvent = (Event.KeyEvent) event;
    return event.getClass().getSimpleName() + " " + utf8(keyEvent.key().array());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
