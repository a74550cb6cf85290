// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.keeper;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.member.Applier;
import dev.warren.sync.member.OutboxFullException;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes expired entries out of the log state without anybody's operation (rule B9).
 *
 * <p>Every member has one, and that of the member which the view names (of those that are ready the
 * one that joined first) works: it appends an {@code Expire} for each entry whose time has passed
 * by its own clock. The entry goes, everywhere, when that is applied.
 *
 * <p><b>Why it may be wrong about anything.</b> {@code Expire} names the write position and the
 * expiry time that the keeper saw, and has no effect on an entry with others (B5). So a second
 * keeper, which has not read yet that it is none any more, repeats what was done and changes
 * nothing; and of {@code Expire} and a write or touch of the entry that stands before it in the log
 * the latter wins, however late the keeper reads it.
 *
 * <p><b>Touches that nobody was told of.</b> A node tells its touches now and then only (B8).
 * Before the keeper lets an entry go that its own node has touched since, it tells that touch
 * instead.
 *
 * <p><b>How much at once.</b> A share of the outbox, at most, is the keeper's; what exceeds it
 * waits until the log brings events back. So a million entries that expire at once leave room for
 * writers, and so does a broker that is away. Keys are looked at in portions, caches by turns,
 * between which the applier does other work.
 *
 * <p><b>Cost.</b> A set entry (some 40 bytes) for each entry that will expire, on the keeper's node
 * alone. Who becomes keeper looks at all keys once.
 *
 * <p>On the applier thread, but for {@link #close}.
 */
public final class Keeper {

  /** Pause between two looks. */
  static final Duration PERIOD = Duration.ofMillis(250);

  private static final long BACK_MILLIS = 1_000;
  private static final int LOOKS = 4_096;
  private static final int TURN = 256;
  private static final int MOST_UNDER_WAY = 1_024;

  private final WarrenMember member;
  private final Applier applier;
  private final InstantSource clock;
  private final Shown shown;
  private final int share;

  /** By cache; of the present memory, and only while this is the keeper. */
  private final Map<String, ExpiryHints> hints = new HashMap<>();

  private boolean keeping;
  private long latestMillis;
  private int underWay;
  private int turns;
  private boolean goesOn;
  private volatile boolean closed;

  /** What the own node's readers see. */
  @FunctionalInterface
  public interface Shown {

    /** Expiry time of an entry as shown here: later than the log's if a touch was not told yet. */
    long expiryMillis(String cache, Bytes key, LogEntry entry);
  }

  /**
   * @param clock decides what has expired
   * @param limits of the member's outbox
   */
  public Keeper(
      WarrenMember member, Applier applier, InstantSource clock, OutboxLimits limits, Shown shown) {
    this.member = member;
    this.applier = applier;
    this.clock = clock;
    this.shown = shown;
    this.share = Math.max(1, Math.min(MOST_UNDER_WAY, limits.maxEvents() / 4));
  }

  /** Begins to look for work; once. */
  public void start() {
    applier.schedule(PERIOD, this::tick);
  }

  /** Any thread. */
  public void close() {
    closed = true;
  }

  /** A memory was installed: what was known belongs to another one. */
  public void installed() {
    rest();
  }

  /** An event was applied. */
  public void applied(Applied applied) {
    if (!keeping || !(applied.event() instanceof Event.CacheEvent event)) {
      return;
    }
    if (event instanceof Event.KeyEvent keyEvent) {
      hintsOf(event.cache())
          .move(keyEvent.key(), expiry(applied.before()), expiry(applied.after()));
    } else {
      Replica replica = member.replica();
      hints.put(event.cache(), new ExpiryHints(latestMillis, keys(replica, event.cache())));
    }
  }

  private static long expiry(@Nullable LogEntry entry) {
    return entry == null ? Event.NEVER : entry.expiryMillis();
  }

  private ExpiryHints hintsOf(String cache) {
    return hints.computeIfAbsent(cache, c -> new ExpiryHints(latestMillis, List.of()));
  }

  private void tick() {
    if (!closed) {
      work();
      applier.schedule(PERIOD, this::tick);
    }
  }

  private void work() {
    Replica replica = member.replica();
    if (replica == null || !isKeeper(replica)) {
      rest();
      return;
    }
    long nowMillis = clock.millis();
    if (!keeping || nowMillis < latestMillis - BACK_MILLIS) {
      begin(replica, nowMillis);
    }
    latestMillis = Math.max(latestMillis, nowMillis);
    if (!member.trouble().isEmpty()) {
      return; // nothing that is offered now would come back soon
    }
    List<String> caches = new ArrayList<>(hints.keySet());
    Collections.rotate(caches, turns++);
    boolean more = false;
    for (String cache : caches) {
      more |= look(cache, replica, nowMillis);
    }
    if (more) {
      goOn();
    }
  }

  private boolean isKeeper(Replica replica) {
    return member.isReady() && replica.keeper().filter(member.origin()::equals).isPresent();
  }

  private void begin(Replica replica, long nowMillis) {
    rest();
    keeping = true;
    latestMillis = nowMillis;
    replica
        .cacheNames()
        .forEach(cache -> hints.put(cache, new ExpiryHints(nowMillis, keys(replica, cache))));
  }

  private void rest() {
    keeping = false;
    hints.clear();
  }

  private static List<Bytes> keys(@Nullable Replica replica, String cache) {
    CacheState state = replica == null ? null : replica.cacheState(cache);
    return state == null ? List.of() : new ArrayList<>(state.entries().keySet());
  }

  /** Looks at some keys of one cache; true if there is more to do at once. */
  private boolean look(String cache, Replica replica, long nowMillis) {
    ExpiryHints known = hintsOf(cache);
    CacheState state = replica.cacheState(cache);
    known.advance(nowMillis);
    int asked = 0;
    for (int i = 0; i < LOOKS && asked < TURN && underWay < share; i++) {
      Bytes key = known.next();
      if (key == null) {
        return false;
      }
      LogEntry entry = state == null ? null : state.get(key);
      if (entry != null && entry.expiryMillis() > nowMillis) {
        known.put(key, entry.expiryMillis());
      } else if (entry != null) {
        if (!ask(cache, key, entry, nowMillis)) {
          known.put(key, entry.expiryMillis());
          return false;
        }
        asked++;
      }
    }
    return underWay < share && known.hasNext();
  }

  /** Lets the entry go, or tells that it was touched; false if the outbox is full. */
  private boolean ask(String cache, Bytes key, LogEntry entry, long nowMillis) {
    try {
      member.outbox().reserve(1);
    } catch (OutboxFullException e) {
      return false;
    }
    long shownMillis = shown.expiryMillis(cache, key, entry);
    underWay++;
    member
        .outbox()
        .offer(
            shownMillis > nowMillis
                ? new Event.Touch(cache, key, shownMillis, entry.writePosition())
                : new Event.Expire(cache, key, entry.writePosition(), entry.expiryMillis()),
            fate -> ended());
    return true;
  }

  /**
   * An own event was applied, or will not be: room for what waits. One in vain met an entry that
   * was changed, which {@link #applied} has noted, or another memory, at which all is looked anew.
   */
  private void ended() {
    underWay--;
    if (underWay <= share / 2 && hints.values().stream().anyMatch(ExpiryHints::hasNext)) {
      goOn();
    }
  }

  /** Another turn, behind what the applier has to do. */
  private void goOn() {
    if (!goesOn) {
      goesOn = true;
      applier.execute(
          () -> {
            goesOn = false;
            if (!closed) {
              work();
            }
          });
    }
  }
}
