// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.operation.EntryChange;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store;
import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.codec.ValueCodec;
import dev.warren.sync.member.Outbox;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Loads of a replicated cache, step by step: this test is the applier and the log (rule B7). */
class FillsTest {

  private final EpochId epoch = new EpochId(1, UUID.randomUUID());
  private final Origin self = Origin.random();
  private final Origin other = Origin.random();
  private final Outbox outbox = new Outbox(OutboxLimits.DEFAULT, () -> {});
  private final Deque<Runnable> applier = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
  private final Replica replica = Replica.empty(epoch, 0, false);
  private final ReplicatedStore<String, String> store = store(() -> Duration.ofMillis(1));

  private ReplicatedStore<String, String> store(Supplier<Duration> patience) {
    return new ReplicatedStore<>(
        new LogWay<>(
            "c",
            new EntryBytes<>("c", new Texts(), 1_000),
            outbox,
            new Rooms("c", outbox, patience),
            new OwnSteps<>(new KeyLocks<>("c"), new Lifecycle("c"), false),
            applier::add),
        new Heard(),
        () -> Instant.ofEpochMilli(0),
        null);
  }

  private long offset;
  private long othersSequence;

  FillsTest() {
    installNothing();
  }

  private void installNothing() {
    store.install(null, replica.position());
  }

  /** The applier does what was handed to it. */
  private void turn() {
    for (Runnable task = applier.poll(); task != null; task = applier.poll()) {
      task.run();
    }
  }

  private void load(String key, String value) {
    try (Store.Watch watch = store.watch(key)) {
      store.fill(watch, key, value, Event.NEVER);
    }
  }

  private void foreign(Event event) {
    apply(new Batch(epoch, other, ++othersSequence, false, List.of(event)));
  }

  /** What waits in the outbox comes from the log. */
  private List<Event> own() {
    List<Event> events = new ArrayList<>();
    for (Optional<Batch> next = seal(); next.isPresent(); next = seal()) {
      events.addAll(next.get().events());
      apply(next.get());
    }
    return events;
  }

  private Optional<Batch> seal() {
    return outbox.seal(epoch, self, false);
  }

  private void apply(Batch batch) {
    replica.apply(
        ++offset,
        batch,
        applied -> {
          boolean own = applied.origin().equals(self);
          store.applied(applied, own);
          if (own) {
            outbox.applied(applied);
          }
        });
    outbox.dropApplied(replica.sequence(self));
  }

  private @Nullable String shown(String key) {
    StoredEntry<String> entry = store.get(key);
    return entry == null ? null : entry.value();
  }

  private @Nullable LogEntry logged(String key) {
    CacheState state = replica.cacheState("c");
    return state == null ? null : state.get(bytes(key));
  }

  private static Event put(String key, String value) {
    return new Event.Put("c", bytes(key), text(value), Event.NEVER, Event.ANY);
  }

  private static Event remove(String key) {
    return new Event.Remove("c", bytes(key), Event.ANY);
  }

  private static Bytes bytes(String key) {
    return Bytes.wrap(text(key));
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /** A key of the same stripe as {@code key}. */
  private static String neighbour(String key) {
    int stripe = bytes(key).hashCode() & 255;
    for (int i = 0; ; i++) {
      if ((bytes("n" + i).hashCode() & 255) == stripe) {
        return "n" + i;
      }
    }
  }

  @Test
  void load_nothingElse_isShownAtOnceSentAndStays() {
    load("k", "v");
    assertThat(shown("k")).isEqualTo("v");
    turn();
    assertThat(own()).hasSize(1);
    assertThat(shown("k")).isEqualTo("v");
    assertThat(logged("k")).isNotNull();
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_foreignEventWhileTheLoaderRan_isNeitherShownNorSent() {
    for (Event event : List.of(put("k", "new"), remove("k"), new Event.Clear("c"))) {
      Store.Watch watch = store.watch("k");
      foreign(event);
      assertThat(store.fill(watch, "k", "old", Event.NEVER)).isFalse();
      watch.close();
      turn();
      assertThat(own()).isEmpty();
      assertThat(shown("k")).isEqualTo(event instanceof Event.Put ? "new" : null);
    }
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_foreignEventBeforeTheApplierSendsIt_endsIt() {
    for (Event event : List.of(put("k", "new"), remove("k"), new Event.Clear("c"))) {
      load("k", "old");
      foreign(event);
      assertThat(shown("k")).isEqualTo(event instanceof Event.Put ? "new" : null);
      turn();
      assertThat(own()).isEmpty();
      foreign(remove("k"));
    }
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_foreignEventBeforeItsFill_endsItForGood() {
    for (Event event : List.of(put("k", "new"), remove("k"), new Event.Clear("c"))) {
      load("k", "old");
      turn();
      foreign(event);
      String after = event instanceof Event.Put ? "new" : null;
      assertThat(shown("k")).isEqualTo(after);
      assertThat(own()).as("sent before, and not again").hasSize(1);
      assertThat(shown("k")).isEqualTo(after);
      foreign(remove("k"));
    }
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_foreignFillIsFirst_thatOneStays() {
    load("k", "mine");
    turn();
    foreign(
        new Event.Fill(
            "c", bytes("k"), text("theirs"), Event.NEVER, replica.position(), Event.ABSENT));
    assertThat(shown("k")).isEqualTo("theirs");
    own();
    assertThat(shown("k")).isEqualTo("theirs");
  }

  @Test
  void load_neighbourWritten_isSentAgainWithALaterPosition() {
    load("k", "v");
    turn();
    foreign(put(neighbour("k"), "x"));
    assertThat(shown("k")).isEqualTo("v");
    List<Event> sent = own();
    assertThat(sent).hasSize(2);
    assertThat(((Event.Fill) sent.get(1)).began())
        .isGreaterThan(((Event.Fill) sent.get(0)).began());
    assertThat(shown("k")).isEqualTo("v");
    assertThat(logged("k")).isNotNull();
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_refusedAgainAndAgain_isGivenUp() {
    load("k", "v");
    turn();
    for (int i = 0; i < 20; i++) {
      foreign(put(neighbour("k"), "x" + i));
      Optional<Batch> next = seal();
      if (next.isEmpty()) {
        break;
      }
      foreign(put(neighbour("k"), "y" + i));
      apply(next.get());
    }
    assertThat(shown("k")).isNull();
    assertThat(own()).isEmpty();
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_aboveOwnRemoveUnderWay_isSentAgain() {
    foreign(put("k", "old"));
    store.remove(Store.Admission.NONE, "k");
    load("k", "v");
    turn();
    assertThat(own()).hasSize(3);
    assertThat(shown("k")).isEqualTo("v");
    assertThat(logged("k")).isNotNull();
  }

  @Test
  void load_aboveOwnWriteUnderWay_endedByAForeignEvent_theOwnWriteShowsAgain() {
    store.put(Store.Admission.NONE, "k", "own", Event.NEVER);
    load("k", "loaded");
    turn();
    assertThat(shown("k")).isEqualTo("loaded");
    foreign(put("k", "theirs"));
    assertThat(shown("k")).isEqualTo("own");
    own();
    assertThat(shown("k")).as("it was the last in the log").isEqualTo("own");
  }

  @Test
  void load_aboveOwnWriteThatHasEnded_doesNotShowThatAgain() {
    store.put(Store.Admission.NONE, "k", "own", Event.NEVER);
    Batch write = seal().orElseThrow();
    load("k", "loaded");
    turn();
    apply(write);
    assertThat(shown("k")).isEqualTo("loaded");
    foreign(remove("k"));
    assertThat(shown("k")).isNull();
  }

  @Test
  void load_thenOwnWrite_theWriteStays() {
    load("k", "loaded");
    turn();
    store.put(Store.Admission.NONE, "k", "own", Event.NEVER);
    own();
    assertThat(shown("k")).isEqualTo("own");
    load("k", "loaded");
    store.remove(Store.Admission.NONE, "k");
    turn();
    own();
    assertThat(shown("k")).isNull();
    assertThat(outbox.unwritten()).isZero();
  }

  @Test
  void load_ownWriteWhileTheLoaderRan_isNotKept() {
    Store.Watch watch = store.watch("k");
    store.remove(Store.Admission.NONE, "k");
    assertThat(store.fill(watch, "k", "old", Event.NEVER)).isFalse();
    watch.close();
  }

  @Test
  void install_endsWhatIsShownAndWhatIsBeingLoaded() {
    load("a", "1");
    turn();
    load("b", "1");
    Store.Watch watch = store.watch("c");
    installNothing();
    assertThat(store.fill(watch, "c", "1", Event.NEVER)).isFalse();
    watch.close();
    turn();
    assertThat(shown("a")).isNull();
    assertThat(shown("b")).isNull();
    assertThat(seal().orElseThrow().events()).as("that of a was offered before").hasSize(1);
  }

  @Test
  void load_beforeTheFirstMemory_isShownNotSentAndEndedByIt() {
    ReplicatedStore<String, String> fresh = store(() -> Duration.ZERO);
    for (int i = 0; i < 2_000; i++) {
      Store.Watch watch = fresh.watch("k" + i);
      assertThat(fresh.fill(watch, "k" + i, "v", Event.NEVER))
          .as("so many are kept while the broker is away")
          .isEqualTo(i < 1_024);
      watch.close();
      turn();
    }
    assertThat(fresh.size()).isEqualTo(1_024);
    assertThat(outbox.unwritten()).isZero();
    fresh.install(null, replica.position());
    assertThat(fresh.size()).isZero();
    Store.Watch watch = fresh.watch("k");
    assertThat(fresh.fill(watch, "k", "v", Event.NEVER)).isTrue();
    watch.close();
  }

  @Test
  void load_noRoom_waitsOnceThenNotAtAll() {
    outbox.reserve(OutboxLimits.DEFAULT.maxEvents());
    AtomicInteger waits = new AtomicInteger();
    ReplicatedStore<String, String> fresh =
        store(
            () -> {
              waits.incrementAndGet();
              return Duration.ofMillis(1);
            });
    for (int i = 0; i < 10; i++) {
      Store.Watch watch = fresh.watch("k");
      assertThat(fresh.fill(watch, "k", "v", Event.NEVER)).isFalse();
      watch.close();
    }
    assertThat(waits.get()).as("looked at by each, waited for by one").isEqualTo(11);
    outbox.release(OutboxLimits.DEFAULT.maxEvents());
    Store.Watch watch = fresh.watch("k");
    assertThat(fresh.fill(watch, "k", "v", Event.NEVER)).isTrue();
    watch.close();
  }

  @Test
  void load_aboveOwnWriteUnderWay_endedByAnInstalledMemory_theOwnWriteShowsAgain() {
    store.put(Store.Admission.NONE, "k", "own", Event.NEVER);
    load("k", "loaded");
    turn();
    installNothing();
    assertThat(shown("k")).isEqualTo("own");
  }

  @Test
  void listener_loadEndedByAForeignWrite_hearsOfTheLoadedValue() {
    load("k", "loaded");
    foreign(put("k", "new"));
    load("l", "loaded");
    foreign(remove("l"));
    assertThat(heard).containsExactly("UPDATED k=loaded>new", "REMOVED l=loaded>loaded");
  }

  private final class Heard implements EventPort<String, String> {
    @Override
    public @Nullable Runnable queue(EntryChange<String, String> change) {
      return null;
    }

    @Override
    public void publish(EntryChange<String, String> change) {
      heard.add(
          change.type() + " " + change.key() + "=" + change.oldValue() + ">" + change.value());
    }

    @Override
    public boolean isHeard() {
      return true;
    }
  }

  private static final class Texts implements ValueCodec {
    @Override
    public byte[] encode(Object value) {
      return text((String) value);
    }

    @Override
    public byte[] encodeKey(Object key) {
      return text((String) key);
    }

    @Override
    public Object decode(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
