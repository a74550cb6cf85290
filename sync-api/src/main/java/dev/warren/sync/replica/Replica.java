// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One replica of the log of one epoch.
 *
 * <p>Why all replicas agree: each decision here is a function of the batches applied so far and of
 * nothing else. A batch counts if and only if it holds the next sequence of its origin (A4): what
 * was applied before is skipped, so repetition is harmless, and what would leave a hole is skipped
 * by everyone and moves nothing, so the author's repetition from the hole on (A2) finds all
 * replicas in the same place. Conditions are decided on the state before the event (B5), which is
 * equal everywhere by induction over the log.
 *
 * <p>Not thread-safe: belongs to one applier thread. A higher epoch is its owner's concern: {@link
 * #apply} skips the batches of every epoch but its own.
 */
public final class Replica {

  private final EpochId epoch;
  private final Map<String, CacheState> caches;
  private final Map<Origin, Long> sequences;
  private final Map<Origin, Member> view;
  private final Map<String, OpenCache> open;
  private final boolean truncated;
  private final List<PreviousEpoch> previous;

  /** Last offset that was read, its batch applied or skipped; -1 before the first. */
  private long offset;

  private long count;
  private long sum;

  /** Counts changes of who is in the view and who is ready. */
  private int viewVersion;

  /** The sequences of an earlier epoch that the data of this epoch's source cover (F2). */
  public record PreviousEpoch(EpochId epoch, Map<Origin, Long> sequences) {}

  private Replica(ReplicaState state, Map<String, CacheState> caches) {
    this.epoch = state.epoch();
    this.offset = state.offset();
    this.count = state.count();
    this.sum = state.sum();
    this.truncated = state.truncated();
    this.previous = state.previous();
    this.sequences = new HashMap<>(state.sequences());
    this.view = new TreeMap<>(state.view());
    this.open = new TreeMap<>(state.open());
    this.caches = caches;
  }

  /**
   * A replica that has read nothing.
   *
   * @param truncated true if the retained log does not begin with the batch that opened {@code
   *     epoch} (A7)
   * @param offset offset up to which nothing is to be read: the one before the first to come
   */
  public static Replica empty(EpochId epoch, long offset, boolean truncated) {
    return new Replica(ReplicaState.empty(epoch, offset, truncated), new HashMap<>());
  }

  /** A replica that continues from a state; see {@link #install} for its entries. */
  public static Replica from(ReplicaState state) {
    Map<String, CacheState> caches = new HashMap<>();
    state
        .caches()
        .forEach(
            (name, cache) ->
                caches.put(
                    name,
                    new CacheState(
                        new HashMap<>(), new Stripes(cache.stripes()), cache.clearedAt())));
    return new Replica(state, caches);
  }

  /**
   * Installs the state of one key, before any batch is applied.
   *
   * @param entry null for a tombstone
   * @param position the key's cut: events at or before it have no effect (E5)
   */
  public void install(
      String cache, dev.warren.sync.Bytes key, @Nullable LogEntry entry, long position) {
    cache(cache).install(key, entry, position, position > position());
  }

  /**
   * Installs that a cache was cleared at {@code position}, which may be ahead of the log read (E5).
   */
  public void installClear(String cache, long position) {
    if (position > position()) {
      cache(cache).cutAll(position);
    }
  }

  /**
   * Reads the next batch of the log.
   *
   * @param effects receives each new event, in order, after it was applied
   * @throws IllegalArgumentException if {@code batchOffset} is not above {@link #offset}
   */
  public Verdict apply(long batchOffset, Batch batch, Consumer<Applied> effects) {
    skip(batchOffset);
    Origin origin = batch.origin();
    long last = lastKnown(batch);
    Verdict verdict = judge(batch, last);
    if (verdict != Verdict.APPLIED) {
      return verdict;
    }
    sequences.put(origin, batch.lastSequence());
    for (int i = (int) (last + 1 - batch.firstSequence()); i < batch.events().size(); i++) {
      long position = Positions.of(batchOffset, i);
      count++;
      sum += position;
      effects.accept(effect(origin, batch.firstSequence() + i, position, batch.events().get(i)));
    }
    dropPassedCuts();
    return Verdict.APPLIED;
  }

  /** The sequence behind which {@code batch} must begin, or into which it may reach (A4, A7). */
  private long lastKnown(Batch batch) {
    Long known = sequences.get(batch.origin());
    return known != null ? known : truncated ? batch.firstSequence() - 1 : 0;
  }

  private Verdict judge(Batch batch, long last) {
    if (!batch.epoch().equals(epoch)) {
      return Verdict.OTHER_EPOCH;
    }
    if (truncated
        && batch.repeated()
        && !sequences.containsKey(batch.origin())
        && !beginsWithJoin(batch)) {
      return Verdict.UNKNOWN_ORIGIN;
    }
    if (batch.lastSequence() <= last) {
      return Verdict.DUPLICATE;
    }
    return batch.firstSequence() > last + 1 ? Verdict.BEYOND_NEXT : Verdict.APPLIED;
  }

  /** Moves past an offset whose record is no batch of ours: corrupt, or of another epoch. */
  public void skip(long recordOffset) {
    if (recordOffset <= offset) {
      throw new IllegalArgumentException(
          "offsets must rise, but " + recordOffset + " came after " + offset);
    }
    offset = recordOffset;
  }

  private static boolean beginsWithJoin(Batch batch) {
    return batch.firstSequence() == 1 && batch.events().get(0) instanceof Event.Join;
  }

  private Applied effect(Origin origin, long sequence, long position, Event event) {
    if (event instanceof Event.Control control) {
      Outcome outcome = control(origin, position, control);
      return new Applied(origin, sequence, position, event, outcome, null, null);
    }
    if (event instanceof Event.KeyEvent keyEvent) {
      return cache(keyEvent.cache()).apply(origin, sequence, keyEvent, position);
    }
    Outcome outcome = cache(((Event.Clear) event).cache()).clear(position);
    return new Applied(origin, sequence, position, event, outcome, null, null);
  }

  private Outcome control(Origin origin, long position, Event.Control event) {
    if (!(event instanceof Event.Heartbeat || event instanceof Event.Noop)) {
      viewVersion++;
    }
    if (event instanceof Event.Join join) {
      view.put(origin, new Member(join.name(), position, false, position));
    } else if (event instanceof Event.Ready) {
      view.computeIfPresent(origin, (o, member) -> member.asReady());
    } else if (event instanceof Event.Leave) {
      remove(origin);
    } else if (event instanceof Event.Opened opened) {
      return applyOpened(origin, opened);
    } else if (event instanceof Event.Closed closed) {
      open.computeIfPresent(closed.cache(), (name, of) -> of.without(origin));
    } else if (event instanceof Event.Heartbeat) {
      view.computeIfPresent(origin, (o, member) -> member.heardAt(position));
    } else if (event instanceof Event.Suspect suspect) {
      Member member = view.get(suspect.member());
      if (member == null || member.lastHeartbeat() > suspect.lastHeartbeat()) {
        return Outcome.INEFFECTIVE;
      }
      remove(suspect.member());
    }
    return Outcome.EFFECTIVE;
  }

  private void remove(Origin member) {
    view.remove(member);
    for (String cache : List.copyOf(open.keySet())) {
      open.computeIfPresent(cache, (name, of) -> of.without(member));
    }
  }

  /** Only members count: nobody would ever take out what another one has open (F3). */
  private Outcome applyOpened(Origin origin, Event.Opened opened) {
    OpenCache standing = open.get(opened.cache());
    if (!view.containsKey(origin) || (standing != null && !standing.mode().equals(opened.mode()))) {
      return Outcome.INEFFECTIVE;
    }
    open.put(
        opened.cache(),
        standing == null ? new OpenCache(opened.mode(), Set.of(origin)) : standing.with(origin));
    return Outcome.EFFECTIVE;
  }

  private void dropPassedCuts() {
    for (CacheState cache : caches.values()) {
      if (cache.hasCuts()) {
        cache.dropCutsUpTo(position());
      }
    }
  }

  private CacheState cache(String name) {
    return caches.computeIfAbsent(name, n -> new CacheState());
  }

  /** True when the log was applied beyond every cut that came with a snapshot (E6). */
  public boolean isBeyondCuts() {
    return caches.values().stream().noneMatch(CacheState::hasCuts);
  }

  public EpochId epoch() {
    return epoch;
  }

  /** Last offset that was read; -1 before the first. */
  public long offset() {
    return offset;
  }

  /** The applied position: no event at or below it is still to come. */
  public long position() {
    return offset < 0
        ? Positions.BEFORE_FIRST
        : Positions.of(offset, Positions.MAX_BATCH_EVENTS - 1);
  }

  /** Last applied sequence of an origin; 0 if none. */
  public long sequence(Origin origin) {
    return sequences.getOrDefault(origin, 0L);
  }

  /**
   * The last sequence of an origin in an earlier epoch that the base of this one covers (F2); 0 if
   * the base knows nothing of that epoch.
   */
  public long coveredInEpoch(EpochId earlier, Origin origin) {
    return previous.stream()
        .filter(p -> p.epoch().equals(earlier))
        .mapToLong(p -> p.sequences().getOrDefault(origin, 0L))
        .findFirst()
        .orElse(0);
  }

  /** Number of events applied (A8). */
  public long count() {
    return count;
  }

  /** Sum of their positions, modulo 2^64 (A8). */
  public long sum() {
    return sum;
  }

  /** The members, by origin; read-only. */
  public Map<Origin, Member> view() {
    return Collections.unmodifiableMap(view);
  }

  /** In which mode members have {@code cache} open; null if none has (F3). */
  public @Nullable OpenCache open(String cache) {
    return open.get(cache);
  }

  /** Rises whenever a member came, went or became ready; heartbeats leave it as it is. */
  public int viewVersion() {
    return viewVersion;
  }

  /** The ready member that joined first: keeper and projector (B9, G). */
  public Optional<Origin> keeper() {
    return view.entrySet().stream()
        .filter(e -> e.getValue().ready())
        .min(Map.Entry.comparingByValue(java.util.Comparator.comparingLong(Member::joinPosition)))
        .map(Map.Entry::getKey);
  }

  /** The cache's state; null if the log holds nothing of it. */
  public @Nullable CacheState cacheState(String name) {
    return caches.get(name);
  }

  /** Names of caches with a state; read-only. */
  public java.util.Set<String> cacheNames() {
    return Collections.unmodifiableSet(caches.keySet());
  }

  /**
   * The control state now, without entries: the head of a snapshot and of a checkpoint (E2, G3).
   */
  public ReplicaState state() {
    Map<String, ReplicaState.CacheControl> controls = new TreeMap<>();
    caches.forEach(
        (name, cache) ->
            controls.put(
                name, new ReplicaState.CacheControl(cache.stripes().toArray(), cache.clearedAt())));
    return new ReplicaState(
        epoch, offset, count, sum, truncated, sequences, previous, view, controls, open);
  }
}
