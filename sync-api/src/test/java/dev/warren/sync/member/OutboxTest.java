// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final EpochId EPOCH = new EpochId(1, Origin.random().id());
  private static final Origin SELF = Origin.random();

  private final Outbox outbox = new Outbox(new OutboxLimits(4, 1_000, 10, 1_000, 2), () -> {});
  private final List<String> fates = new ArrayList<>();

  @Test
  void offer_secondWriteOfKeyNotSealed_dropsTheEarlierAndKeepsTheLaterPlace() {
    offer("a", put("k", "1"));
    offer("b", put("other", "2"));
    offer("c", put("k", "3"));

    assertThat(sealed()).containsExactly("other=2", "k=3");
    assertThat(fates).containsExactly("a SUPERSEDED");
  }

  @Test
  void offer_removeOfKeyNotSealed_takesThePlaceOfItsPut() {
    offer("a", put("k", "1"));
    offer("b", new Event.Remove("c", key("k"), Event.ANY));

    assertThat(sealed()).containsExactly("-k");
    assertThat(fates).containsExactly("a SUPERSEDED");
  }

  @Test
  void offer_secondInvalidateOfKeyNotSealed_isEnough() {
    offer("a", new Event.Invalidate("c", key("k")));
    offer("b", new Event.Invalidate("d", key("k")));
    offer("c", new Event.Invalidate("c", key("other")));
    offer("d", new Event.Invalidate("c", key("k")));

    assertThat(outbox.depth()).isEqualTo(3);
    assertThat(fates).containsExactly("a SUPERSEDED");
  }

  @Test
  void offer_writeBehindClear_staysBehindIt() {
    offer("a", put("k", "1"));
    offer("b", new Event.Clear("c"));
    offer("c", put("k", "2"));

    assertThat(sealed()).containsExactly("clear", "k=2");
  }

  @Test
  void offer_whileAsManyBatchesAreInFlightAsMayBe_wakesNobody() {
    AtomicInteger wakes = new AtomicInteger();
    Outbox one = new Outbox(new OutboxLimits(4, 1_000, 1, 1_000, 1), wakes::incrementAndGet);
    one.offer(put("k", "1"), OwnEvent.UNATTENDED);
    assertThat(one.seal(EPOCH, SELF, false)).isPresent();
    one.offer(put("k", "2"), OwnEvent.UNATTENDED);
    assertThat(wakes).hasValue(1);

    one.offerControl(new Event.Noop(), OwnEvent.UNATTENDED);
    assertThat(wakes).as("a control event always").hasValue(2);

    one.dropApplied(1);
    one.offer(put("k", "3"), OwnEvent.UNATTENDED);
    assertThat(wakes).hasValue(3);
  }

  @Test
  void offer_sameKeyOfOtherCache_dropsNothing() {
    offer("a", put("k", "1"));
    offer("b", new Event.Put("d", key("k"), bytes("2"), Event.NEVER, Event.ANY));

    assertThat(sealed()).containsExactly("k=1", "k=2");
    assertThat(fates).isEmpty();
  }

  @Test
  void offer_conditionalWrites_areAllSent() {
    offer("a", new Event.Put("c", key("k"), bytes("1"), Event.NEVER, 7));
    offer("b", new Event.Put("c", key("k"), bytes("2"), Event.NEVER, 8));

    assertThat(sealed()).containsExactly("k=1", "k=2");
  }

  @Test
  void offer_keyAlreadySealed_bothAreSent() {
    offer("a", put("k", "1"));
    assertThat(sealed()).containsExactly("k=1");
    offer("b", put("k", "2"));

    assertThat(sealed()).containsExactly("k=2");
    assertThat(fates).isEmpty();
  }

  @Test
  void offer_superseded_givesItsRoomBack() {
    for (int i = 0; i < 20; i++) {
      offer("a", put("k", "" + i));
    }
    assertThat(sealed()).containsExactly("k=19");
  }

  @Test
  void reserve_full_namesRuleFiguresAndRemedy() {
    for (int i = 0; i < 4; i++) {
      offer("a", put("k" + i, "1"));
    }
    assertThatThrownBy(() -> outbox.reserve(1))
        .isInstanceOf(OutboxFullException.class)
        .hasMessageContaining("within 4 events")
        .hasMessageContaining("but 4 events")
        .hasMessageContaining("outbox.max-events");
  }

  @Test
  void reserve_moreThanTheOutboxHolds_namesBothNumbersAndSmallerPortions() {
    assertThatThrownBy(() -> outbox.reserve(5))
        .isInstanceOf(OutboxFullException.class)
        .hasMessageContaining("at most 4 events")
        .hasMessageContaining("asked for 5")
        .hasMessageContaining("smaller portions")
        .hasMessageContaining("outbox.max-events");
    outbox.reserve(4); // nothing was taken
  }

  @Test
  void settled_writesSealedAndWaiting_tellsThoseBeforeTheOldest() {
    assertThat(outbox.settled()).as("nobody waits").isZero();
    LongSupplier last = outbox.awaitWritesOf("c");
    assertThat(last.getAsLong()).isZero();
    offer("a", put("a", "1"));
    offer("b", put("b", "1"));
    offer("o", new Event.Put("other", key("o"), bytes("1"), Event.NEVER, Event.ANY));
    assertThat(last.getAsLong()).isEqualTo(2);
    assertThat(outbox.settled()).isZero();
    assertThat(sealed()).hasSize(3);
    offer("d", put("a", "2"));
    assertThat(outbox.settled()).as("sealed is not applied").isZero();
    outbox.dropApplied(3);
    assertThat(outbox.settled()).isEqualTo(3);
    assertThat(last.getAsLong()).isEqualTo(4);
    assertThat(sealed()).hasSize(1);
    outbox.dropApplied(4);
    assertThat(outbox.settled()).isEqualTo(4);
  }

  @Test
  void seal_controlOnly_writesWaitAndSoDoTheNoopsBehindThem() {
    offer("a", put("k", "1"));
    outbox.offerControl(new Event.Noop(), fate -> {});
    outbox.offerControl(new Event.Ready(), fate -> {});

    assertThat(sealed(true)).containsExactly("Ready");
    assertThat(sealed(false)).containsExactly("k=1", "Noop");
  }

  private void open(String cache) {
    outbox.announce(new Event.Opened(cache, "replicated"), fate -> {}, false);
  }

  @Test
  void seal_openedInDoubt_itsCacheWaitsInOrderAndOthersPass() {
    open("c");
    offer("a", put("k", "1"));
    offer("b", new Event.Put("d", key("k"), bytes("2"), Event.NEVER, Event.ANY));
    outbox.offerControl(new Event.Noop(), fate -> {});
    outbox.offerControl(new Event.Closed("c"), fate -> {});
    open("c");
    outbox.offerControl(new Event.Ready(), fate -> {});

    assertThat(sealed()).containsExactly("Opened", "k=2", "Ready");
    assertThat(sealed()).isEmpty();
    outbox.opened("c");
    assertThat(sealed()).containsExactly("k=1", "Noop", "Closed", "Opened");
  }

  @Test
  void announce_first_standsBeforeAllThatWaits() {
    offer("a", put("k", "1"));
    outbox.announce(new Event.Opened("c", "replicated"), fate -> {}, true);

    assertThat(sealed()).containsExactly("Opened");
    outbox.opened("c");
    assertThat(sealed()).containsExactly("k=1");
  }

  @Test
  void refuse_whatWaits_isGivenUpAndNoMoreIsTakenUntilReadmitted() {
    open("c");
    offer("a", put("k", "1"));
    offer("b", new Event.Put("d", key("k"), bytes("2"), Event.NEVER, Event.ANY));
    offer("e", new Event.Expire("c", key("x"), 1, 2));
    assertThat(sealed()).containsExactly("Opened", "k=2");

    outbox.refuse("c", true);
    assertThat(fates).containsExactly("a GIVEN_UP");
    offer("f", put("l", "3"));
    assertThat(sealed()).as("the keeper's go on").containsExactly("Expire");
    assertThat(fates).containsExactly("a GIVEN_UP", "f GIVEN_UP");
    offer("h", put("l", "5"));
    outbox.dropApplied(3);
    outbox.readmit("c");
    assertThat(fates).endsWith("h GIVEN_UP");
    assertThat(outbox.unwritten()).isZero();
    offer("g", put("l", "4"));
    assertThat(sealed()).containsExactly("l=4");
  }

  @Test
  void refuse_openedAgainMeanwhile_onlyWhatStandsBeforeIsGivenUp() {
    open("c");
    offer("a", put("k", "1"));
    assertThat(sealed()).containsExactly("Opened");
    outbox.offerControl(new Event.Closed("c"), fate -> {});
    open("c");
    offer("b", put("l", "2"));

    outbox.refuse("c", false);
    assertThat(fates).containsExactly("a GIVEN_UP");
    assertThat(sealed()).containsExactly("Closed", "Opened");
  }

  @Test
  void enterEpoch_openedInDoubt_waitsAgainBeforeWhatItHolds() {
    open("c");
    offer("a", put("k", "1"));
    assertThat(sealed()).containsExactly("Opened");
    outbox.enterEpoch(0);

    assertThat(sealed()).containsExactly("Opened");
    outbox.opened("c");
    assertThat(sealed()).containsExactly("k=1");
  }

  /** Writes of two caches that wait for their acknowledgements, one held by its Opened. */
  @Test
  void settled_othersPassed_tellsThoseBeforeTheOneThatWaits() {
    LongSupplier last = outbox.awaitWritesOf("c");
    open("c");
    offer("a", put("k", "1"));
    offer("b", new Event.Put("d", key("k"), bytes("2"), Event.NEVER, Event.ANY));
    assertThat(last.getAsLong()).isEqualTo(1);
    assertThat(sealed()).containsExactly("Opened", "k=2");
    assertThat(outbox.settled()).isZero();
    outbox.opened("c");
    assertThat(sealed()).containsExactly("k=1");
    assertThat(outbox.settled()).as("the later one stands first").isZero();
    outbox.dropApplied(2);
    assertThat(outbox.settled()).isZero();
    outbox.dropApplied(3);
    assertThat(outbox.settled()).isEqualTo(2);
    offer("c", put("k", "3"));
    assertThat(outbox.settled()).isEqualTo(2);
  }

  private void offer(String name, Event event) {
    outbox.reserve(1);
    outbox.offer(event, fate -> fates.add(name + " " + fate));
  }

  private List<String> sealed() {
    return sealed(false);
  }

  private List<String> sealed(boolean controlOnly) {
    return outbox.seal(EPOCH, SELF, controlOnly).map(Batch::events).orElse(List.of()).stream()
        .map(OutboxTest::describe)
        .toList();
  }

  private static String describe(Event event) {
    if (event instanceof Event.Put put) {
      return text(put.key().array()) + "=" + text(put.value());
    } else if (event instanceof Event.Remove remove) {
      return "-" + text(remove.key().array());
    }
    return event instanceof Event.Clear ? "clear" : event.getClass().getSimpleName();
  }

  private static Event put(String key, String value) {
    return new Event.Put("c", key(key), bytes(value), Event.NEVER, Event.ANY);
  }

  private static Bytes key(String text) {
    return Bytes.wrap(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
