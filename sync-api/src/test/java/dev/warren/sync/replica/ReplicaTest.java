// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // an absent entry fails the test that expects one
final class ReplicaTest {

  private static final EpochId EPOCH = new EpochId(1, new UUID(0, 1));
  private static final Origin A = new Origin(new UUID(0, 10));
  private static final Origin B = new Origin(new UUID(0, 11));
  private static final Bytes KEY = Bytes.wrap(new byte[] {1});
  private static final Bytes OTHER = Bytes.wrap(new byte[] {2});

  private final Replica replica = Replica.empty(EPOCH, -1, false);
  private final List<Applied> effects = new ArrayList<>();

  private static Batch batch(Origin origin, long first, Event... events) {
    return new Batch(EPOCH, origin, first, false, List.of(events));
  }

  private static Batch repeated(Origin origin, long first, Event... events) {
    return new Batch(EPOCH, origin, first, true, List.of(events));
  }

  private static Event put(int value, long expected) {
    return new Event.Put("c", KEY, new byte[] {(byte) value}, Event.NEVER, expected);
  }

  private static Event fill(long began, long expected) {
    return new Event.Fill("c", KEY, new byte[] {9}, Event.NEVER, began, expected);
  }

  /* Applies one event as the next of origin A and tells what it did. */
  private Outcome next(Event event) {
    replica.apply(replica.offset() + 1, batch(A, replica.sequence(A) + 1, event), effects::add);
    return effects.get(effects.size() - 1).outcome();
  }

  private long lastPosition() {
    return effects.get(effects.size() - 1).position();
  }

  private LogEntry entry(Bytes key) {
    CacheState state = replica.cacheState("c");
    return state == null ? null : state.get(key);
  }

  @Test
  void apply_duplicate_changesNothing() {
    replica.apply(0, batch(A, 1, put(1, Event.ANY)), effects::add);

    assertThat(replica.apply(1, batch(A, 1, put(1, Event.ANY)), effects::add))
        .isEqualTo(Verdict.DUPLICATE);
    assertThat(effects).hasSize(1);
    assertThat(replica.count()).isEqualTo(1);
  }

  @Test
  void apply_overlappingBatch_appliesOnlyTheNewEvents() {
    replica.apply(0, batch(A, 1, put(1, Event.ANY)), effects::add);

    assertThat(replica.apply(1, repeated(A, 1, put(1, Event.ANY), put(2, Event.ANY)), effects::add))
        .isEqualTo(Verdict.APPLIED);
    assertThat(effects).hasSize(2);
    assertThat(lastPosition()).isEqualTo(Positions.of(1, 1));
  }

  @Test
  void apply_beyondNext_isSkippedAndMovesNothing() {
    assertThat(replica.apply(0, batch(A, 2, put(1, Event.ANY)), effects::add))
        .isEqualTo(Verdict.BEYOND_NEXT);
    assertThat(replica.sequence(A)).isZero();
    assertThat(effects).isEmpty();
  }

  @Test
  void apply_otherEpoch_isSkipped() {
    Batch other =
        new Batch(new EpochId(1, new UUID(9, 9)), A, 1, false, List.of(put(1, Event.ANY)));

    assertThat(replica.apply(0, other, effects::add)).isEqualTo(Verdict.OTHER_EPOCH);
    assertThat(replica.offset()).isZero();
  }

  @Test
  void apply_offsetNotRising_isRefused() {
    replica.skip(5);

    assertThatThrownBy(() -> replica.apply(5, batch(A, 1, put(1, Event.ANY)), effects::add))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void apply_truncatedLog_takesFirstSequenceAsBaseline() {
    Replica late = Replica.empty(EPOCH, 99, true);

    assertThat(late.apply(100, batch(A, 50, put(1, Event.ANY)), effects::add))
        .isEqualTo(Verdict.APPLIED);
    assertThat(late.apply(101, repeated(B, 7, put(2, Event.ANY)), effects::add))
        .isEqualTo(Verdict.UNKNOWN_ORIGIN);
    assertThat(late.apply(102, repeated(B, 1, new Event.Join("b")), effects::add))
        .isEqualTo(Verdict.APPLIED);
    assertThat(late.apply(103, batch(B, 3, put(3, Event.ANY)), effects::add))
        .isEqualTo(Verdict.BEYOND_NEXT);
  }

  @Test
  void apply_conditions_compareWithWritePosition() {
    assertThat(next(put(1, 77))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(put(1, Event.ABSENT))).isEqualTo(Outcome.EFFECTIVE);
    long written = lastPosition();
    assertThat(next(put(2, Event.ABSENT))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(new Event.Remove("c", KEY, written + 1))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(put(3, written))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(next(new Event.Remove("c", KEY, written))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(entry(KEY).value()).containsExactly(3);
    assertThat(next(new Event.Evict("c", KEY, written))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(new Event.Remove("c", KEY, Event.ANY))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(entry(KEY)).isNull();
  }

  @Test
  void apply_expire_needsWritePositionAndSeenExpiry() {
    next(new Event.Put("c", KEY, new byte[1], 500, Event.ANY));
    long written = lastPosition();

    assertThat(next(new Event.Expire("c", KEY, written + 1, 500))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(new Event.Expire("c", KEY, written, 501))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(new Event.Expire("c", KEY, written, 500))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(entry(KEY)).isNull();
  }

  @Test
  void apply_fill_failsWhenStripeMovedAfterLoadBegan() {
    next(new Event.Noop());
    long began = lastPosition();
    assertThat(next(fill(began, Event.ABSENT))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(next(fill(began, Event.ABSENT))).isEqualTo(Outcome.INEFFECTIVE);
    next(new Event.Remove("c", KEY, Event.ANY));
    assertThat(next(fill(began, Event.ABSENT))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(fill(replica.position(), Event.ABSENT))).isEqualTo(Outcome.EFFECTIVE);
  }

  @Test
  void apply_ineffectivePutInvalidateAndClear_moveStripes() {
    for (Event mover :
        List.of(put(1, 12_345), new Event.Invalidate("c", KEY), new Event.Clear("c"))) {
      long began = replica.position();
      next(mover);
      assertThat(next(fill(began, Event.ABSENT))).as("%s", mover).isEqualTo(Outcome.INEFFECTIVE);
    }
  }

  @Test
  void apply_touch_movesExpiryButNotWritePosition() {
    next(put(1, Event.ANY));
    long written = lastPosition();

    assertThat(next(new Event.Touch("c", KEY, 9, written + 1))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(next(new Event.Touch("c", KEY, 9, written))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(entry(KEY).expiryMillis()).isEqualTo(9);
    assertThat(entry(KEY).writePosition()).isEqualTo(written);
    assertThat(entry(KEY).touchPosition()).isEqualTo(lastPosition());
  }

  @Test
  void apply_eventsUpToCut_areCovered() {
    long cut = Positions.of(1, 0);
    replica.install("c", KEY, new LogEntry(new byte[] {5}, Event.NEVER, cut, -1), cut);
    assertThat(replica.isBeyondCuts()).isFalse();

    assertThat(next(new Event.Remove("c", KEY, Event.ANY))).isEqualTo(Outcome.COVERED);
    assertThat(next(new Event.Clear("c"))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(entry(KEY).value()).as("a clear before the cut spares it").containsExactly(5);
    assertThat(next(new Event.Remove("c", KEY, Event.ANY))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(replica.isBeyondCuts()).isTrue();
  }

  @Test
  void apply_eventsUpToInstalledClear_areCovered() {
    replica.installClear("c", Positions.of(1, 0));

    assertThat(next(put(1, Event.ANY))).isEqualTo(Outcome.COVERED);
    assertThat(next(new Event.Clear("c"))).isEqualTo(Outcome.COVERED);
    assertThat(next(put(2, Event.ANY))).isEqualTo(Outcome.EFFECTIVE);
  }

  @Test
  void apply_suspectAfterLaterHeartbeat_hasNoEffect() {
    next(new Event.Join("a"));
    long joined = lastPosition();
    next(new Event.Ready());
    assertThat(replica.keeper()).contains(A);
    next(new Event.Heartbeat(0, 0, 0));
    long beat = lastPosition();

    assertThat(next(new Event.Suspect(A, joined))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(replica.view()).containsKey(A);
    assertThat(next(new Event.Suspect(A, beat))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(replica.view()).isEmpty();
  }

  @Test
  void decode_encodedState_isEqual() throws Exception {
    next(new Event.Join("a"));
    next(put(1, Event.ANY));
    next(new Event.Clear("c"));
    ReplicaState state = replica.state();

    assertThat(ReplicaStateCodec.decode(ReplicaStateCodec.encode(state)))
        .usingRecursiveComparison()
        .isEqualTo(state);
    ReplicaState base = state.asBaseOf(new EpochId(2, new UUID(1, 1)), 5, true);
    assertThat(ReplicaStateCodec.decode(ReplicaStateCodec.encode(base)))
        .usingRecursiveComparison()
        .isEqualTo(base);
  }

  /*
   * One log with batches lost, repeated and re-appended. Replicas end equal: one that reads all of it,
   * one that begins with the state of the first half-way, and one that reads only the batches that
   * applied.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void apply_repeatedAndLostBatches_replicasEndEqual(long seed) {
    Random random = new Random(seed);
    List<Batch> log = log(random);
    Replica whole = Replica.empty(EPOCH, -1, false);
    Replica once = Replica.empty(EPOCH, -1, false);
    Replica joined = null;
    int skipped = 0;
    for (int offset = 0; offset < log.size(); offset++) {
      if (offset == log.size() / 2) {
        joined = copy(whole);
      }
      Verdict verdict = whole.apply(offset, log.get(offset), e -> {});
      if (verdict == Verdict.APPLIED) {
        once.apply(offset, log.get(offset), e -> {});
      } else {
        once.skip(offset);
        skipped++;
      }
      if (joined != null) {
        joined.apply(offset, log.get(offset), e -> {});
      }
    }
    assertThat(skipped).as("seed %d: the log must hold repetitions", seed).isPositive();
    assertThat(whole.sequence(A)).as("nothing is lost").isEqualTo(200);
    assertSame(seed, whole, once);
    assertSame(seed, whole, java.util.Objects.requireNonNull(joined));
  }

  private static void assertSame(long seed, Replica one, Replica two) {
    assertThat(two.state()).as("seed %d", seed).usingRecursiveComparison().isEqualTo(one.state());
    assertThat(two.cacheState("c").entries())
        .as("seed %d", seed)
        .usingRecursiveComparison()
        .isEqualTo(one.cacheState("c").entries());
  }

  private static Replica copy(Replica original) {
    Replica copy = Replica.from(original.state());
    CacheState cache = original.cacheState("c");
    if (cache != null) {
      cache.entries().forEach((key, entry) -> copy.install("c", key, entry, entry.lastPosition()));
    }
    return copy;
  }

  /* Each author appends 200 events; at times it goes back, or loses a batch and notices later. */
  private static List<Batch> log(Random random) {
    List<Batch> log = new ArrayList<>();
    Origin[] origins = {A, B};
    Event[][] events = new Event[2][200];
    for (Event[] own : events) {
      Arrays.setAll(own, i -> event(random));
    }
    int[] stored = new int[2];
    while (stored[0] < 200 || stored[1] < 200) {
      int who = random.nextInt(2);
      int chance = random.nextInt(10);
      int back = chance < 2 ? random.nextInt(stored[who] + 1) : stored[who];
      int from = chance == 2 ? Math.min(199, stored[who] + 3) : back;
      int to = Math.min(200, from + 1 + random.nextInt(6));
      if (from == 200) {
        continue;
      }
      log.add(
          new Batch(
              EPOCH,
              origins[who],
              from + 1,
              chance < 2,
              List.of(Arrays.copyOfRange(events[who], from, to))));
      if (from <= stored[who]) {
        stored[who] = Math.max(stored[who], to);
      }
    }
    return log;
  }

  private static Event event(Random random) {
    Bytes key = random.nextBoolean() ? KEY : OTHER;
    long position = Positions.of(random.nextInt(100), random.nextInt(4));
    long expected = random.nextInt(3) == 0 ? Event.ABSENT : Event.ANY;
    byte[] value = {(byte) random.nextInt()};
    return switch (random.nextInt(8)) {
      case 0 -> new Event.Remove("c", key, expected);
      case 1 -> new Event.Clear("c");
      case 2 -> new Event.Fill("c", key, value, Event.NEVER, position, Event.ABSENT);
      case 3 -> new Event.Touch("c", key, 5, position);
      case 4 -> new Event.Invalidate("c", key);
      default -> new Event.Put("c", key, value, Event.NEVER, expected);
    };
  }

  private Outcome by(Origin origin, Event event) {
    replica.apply(
        replica.offset() + 1, batch(origin, replica.sequence(origin) + 1, event), effects::add);
    return effects.get(effects.size() - 1).outcome();
  }

  private void joinBoth() {
    by(A, new Event.Join("a"));
    by(B, new Event.Join("b"));
  }

  @Test
  void apply_openedInAnotherMode_hasNoEffectWhileOneHasItOpen() {
    joinBoth();
    assertThat(by(A, new Event.Opened("c", "replicated"))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(by(B, new Event.Opened("c", "invalidation"))).isEqualTo(Outcome.INEFFECTIVE);
    assertThat(replica.open("c")).isEqualTo(new OpenCache("replicated", Set.of(A)));
    assertThat(by(B, new Event.Opened("d", "invalidation"))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(by(B, new Event.Opened("c", "replicated"))).isEqualTo(Outcome.EFFECTIVE);
    by(A, new Event.Closed("c"));
    assertThat(replica.open("c")).isEqualTo(new OpenCache("replicated", Set.of(B)));
    by(B, new Event.Closed("c"));
    assertThat(replica.open("c")).isNull();
    assertThat(by(A, new Event.Opened("c", "invalidation"))).isEqualTo(Outcome.EFFECTIVE);
  }

  @Test
  void apply_memberGoes_whatItHadOpenGoesWithIt() {
    joinBoth();
    by(A, new Event.Opened("c", "replicated"));
    by(A, new Event.Leave());
    assertThat(by(B, new Event.Opened("c", "invalidation"))).isEqualTo(Outcome.EFFECTIVE);
    assertThat(by(A, new Event.Opened("d", "replicated")))
        .as("of one that is no member")
        .isEqualTo(Outcome.INEFFECTIVE);
    assertThat(replica.open("d")).isNull();
    by(A, new Event.Join("a"));
    assertThat(by(A, new Event.Opened("c", "replicated"))).isEqualTo(Outcome.INEFFECTIVE);
    by(A, new Event.Suspect(B, 0));
    assertThat(replica.open("c")).as("it was heard of since").isNotNull();
    by(A, new Event.Suspect(B, Long.MAX_VALUE));
    assertThat(replica.open("c")).isNull();
  }

  @Test
  void decode_stateWithOpenCaches_isEqualAndOlderVersionHasNone() throws Exception {
    joinBoth();
    by(A, new Event.Opened("c", "replicated"));
    by(B, new Event.Opened("c", "replicated"));
    by(B, new Event.Opened("d", "invalidation"));
    ReplicaState state = replica.state();
    byte[] bytes = ReplicaStateCodec.encode(state);
    assertThat(ReplicaStateCodec.decode(bytes).open()).isEqualTo(state.open()).hasSize(2);
    assertThat(Replica.from(ReplicaStateCodec.decode(bytes)).open("c"))
        .isEqualTo(new OpenCache("replicated", Set.of(A, B)));

    byte[] older = ReplicaStateCodec.encode(Replica.empty(EPOCH, 7, false).state());
    older = Arrays.copyOf(older, older.length - 4);
    older[0] = 1;
    assertThat(ReplicaStateCodec.decode(older).open()).isEmpty();
    assertThat(ReplicaStateCodec.decode(older).offset()).isEqualTo(7);
    assertThat(state.asBaseOf(new EpochId(2, new UUID(0, 2)), 0, false).open()).isEmpty();
  }
}
