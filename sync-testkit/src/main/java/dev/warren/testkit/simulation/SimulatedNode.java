// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.keeper.Keeper;
import dev.warren.sync.member.Announcement;
import dev.warren.sync.member.MemberListener;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.projector.LogProjector;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.OpenCache;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A member, with its projector if there is a database, on virtual time. */
public final class SimulatedNode implements MemberListener {

  /** Cache of all simulated writes. */
  public static final String CACHE = "c";

  private final VirtualApplier applier;
  private final SimulatedTransport transport;
  private final WarrenMember member;
  private final @Nullable LogProjector projector;
  private final List<RecoveryReport> reports = new ArrayList<>();
  private final Map<String, String> written = new TreeMap<>();
  private final Map<String, String> confirmed = new TreeMap<>();
  private final Map<Applied, Integer> seen = new HashMap<>();
  private final SimulatedBroker broker;
  private @Nullable Keeper keeper;
  private Consumer<Applied> observer = applied -> {};
  private boolean dead;
  private @Nullable Announcement announced;
  private boolean stands;

  /** Where the log ended when the memory was installed. */
  private long floor;

  private int floorGeneration;

  public SimulatedNode(
      SimulatedBroker broker, MemberSettings settings, @Nullable SnapshotStore store) {
    this.broker = broker;
    VirtualTime time = broker.time();
    applier = new VirtualApplier(time);
    transport = new SimulatedTransport(broker);
    Executor background =
        task ->
            time.at(
                time.nowMicros() + time.jitterMicros(),
                () -> {
                  if (!dead) {
                    task.run();
                  }
                });
    Origin origin = new Origin(new UUID(time.random().nextLong(), time.random().nextLong()));
    member =
        new WarrenMember(
            origin, settings, OutboxLimits.DEFAULT, transport, store, applier, background, this);
    projector =
        store == null
            ? null
            : new LogProjector(
                store, member, applier, background, settings.projectionInterval(), cache -> true);
    if (projector != null) {
      projector.start();
    }
    member.start();
  }

  /** Lets expired entries be taken out, by a clock that goes {@code ahead} of the others. */
  public void keep(Duration ahead) {
    VirtualTime time = broker.time();
    keeper =
        new Keeper(
            member,
            applier,
            () -> Instant.ofEpochMilli(time.nowMillis()).plus(ahead),
            OutboxLimits.DEFAULT,
            (cache, key, entry) -> entry.expiryMillis());
    keeper.start();
  }

  /** Is told of every event that this node applies. */
  public void observe(Consumer<Applied> each) {
    observer = each;
  }

  /** Opens {@code cache} in {@code mode}; one at a time (F3). */
  public void open(String cache, String mode) {
    stands = false;
    announced =
        member.open(
            cache,
            mode,
            new Announcement.Listener() {
              @Override
              public void opened() {
                stands = true;
              }

              @Override
              public void refused(OpenCache standing) {
                closeCache();
              }
            });
  }

  /** Whether a cache is open, decided or not. */
  public boolean isOpen() {
    return announced != null;
  }

  /** Whether the cache that was opened last is open and the log said so. */
  public boolean stands() {
    return announced != null && stands;
  }

  /** Closes what {@link #open} opened, if it still is. */
  public void closeCache() {
    Announcement last = announced;
    announced = null;
    if (last != null) {
      member.close(last);
    }
  }

  /** Timings for simulations: the defaults, a shorter membership. */
  public static MemberSettings settings(String name) {
    return new MemberSettings(
        name,
        Duration.ofSeconds(2),
        Duration.ofMillis(400),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMillis(250),
        MemberSettings.UNLIMITED);
  }

  public WarrenMember member() {
    return member;
  }

  /** Writes a value and remembers it. */
  public void put(String key, String value) {
    written.put(key, value);
    member.outbox().reserve(1);
    member
        .outbox()
        .offer(
            putEvent(key, value),
            fate -> {
              if (fate == OwnEvent.Fate.EFFECTIVE || fate == OwnEvent.Fate.COVERED) {
                confirmed.put(key, value);
              }
            });
  }

  /** An unconditional write. */
  public static Event putEvent(String key, String value) {
    return new Event.Put(CACHE, Bytes.wrap(utf8(key)), utf8(value), Event.NEVER, Event.ANY);
  }

  /** Hands in any event. */
  public void offer(Event event, OwnEvent owner) {
    member.outbox().reserve(1);
    member.outbox().offer(event, owner);
  }

  /** The last value written for each key. */
  public Map<String, String> written() {
    return written;
  }

  /** The last value of each key that was applied here or by a source. */
  public Map<String, String> confirmed() {
    return confirmed;
  }

  /** True when nothing waits for the log. */
  public boolean isQuiet() {
    return confirmed.equals(written);
  }

  /** What the log state of {@link #CACHE} holds. */
  public Map<String, String> state() {
    Map<String, String> found = new TreeMap<>();
    Replica replica = member.replica();
    CacheState cache = replica == null ? null : replica.cacheState(CACHE);
    if (cache != null) {
      cache
          .entries()
          .forEach(
              (key, entry) ->
                  found.put(
                      new String(key.array(), StandardCharsets.UTF_8),
                      new String(entry.value(), StandardCharsets.UTF_8)));
    }
    return found;
  }

  /** Offset of the last record read; -1 without a memory. */
  public long offset() {
    Replica replica = member.replica();
    return replica == null ? -1 : replica.offset();
  }

  /** Counter of the epoch; 0 without a memory. */
  public long epoch() {
    Replica replica = member.replica();
    return replica == null ? 0 : replica.epoch().counter();
  }

  /** Recoveries so far, oldest first. */
  public List<RecoveryReport> reports() {
    return reports;
  }

  /** Cuts this node off from its broker, or lets it connect again. */
  public void setIsolated(boolean isolated) {
    transport.setIsolated(isolated);
  }

  /** The next {@code count} records of the log do not reach this node, and nothing tells it so. */
  public void miss(int count) {
    transport.miss(count);
  }

  /** True when all that was to be missed was. */
  public boolean hasMissed() {
    return transport.toMiss() == 0;
  }

  /** Nothing of the log comes any more over the connection, which stands. */
  public void deafen() {
    transport.endSubscriptions();
  }

  /** Bytes that other members have sent to it outside the log. */
  public long peerBytes() {
    return transport.peerBytes();
  }

  /** The process stands still, as by SIGSTOP or a long collection: its connections stand. */
  public void stop(Duration span) {
    applier.stop(span);
  }

  /** The process ends without a word. */
  public void kill() {
    dead = true;
    transport.close();
    applier.crash();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void applied(Applied applied) {
    if (seen.merge(applied, 1, Integer::sum) > 1) {
      throw new AssertionError("applied twice: " + applied);
    }
    observer.accept(applied);
    if (keeper != null) {
      keeper.applied(applied);
    }
    if (projector != null) {
      projector.applied(applied);
    }
  }

  @Override
  public void installed(Replica replica) {
    seen.clear();
    floor = broker.last();
    floorGeneration = broker.generation();
    if (keeper != null) {
      keeper.installed();
    }
    if (projector != null) {
      projector.installed(replica);
    }
  }

  @Override
  public void ready(RecoveryReport report) {
    reports.add(report);
    Replica replica = member.replica();
    if (floorGeneration == broker.generation() && (replica == null || replica.offset() < floor)) {
      throw new AssertionError("ready before offset " + floor + " was applied: " + this);
    }
  }

  @Override
  public void degraded(String reason) {}

  @Override
  public String toString() {
    return member.toString();
  }
}
