// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.member.OwnEvent.Fate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What one node evicts, with a log state that is a set of keys. */
class EvictionsTest {

  private static final int MAX = 10;

  private final Set<Integer> held = new HashSet<>();
  private final Map<Integer, Consumer<Fate>> underWay = new LinkedHashMap<>();
  private final AtomicInteger counted = new AtomicInteger();
  private boolean full;

  private final Evictions<Integer> evictions =
      new Evictions<>(
          MAX,
          new Evictions.Actions<>() {
            @Override
            public long size() {
              return held.size();
            }

            @Override
            public boolean holds(Integer key) {
              return held.contains(key);
            }

            @Override
            public boolean evict(Integer key, Consumer<Fate> onEnd) {
              if (full) {
                return false;
              }
              assertThat(underWay.put(key, onEnd)).as("once at a time").isNull();
              return true;
            }
          },
          counted::incrementAndGet);

  private void write(int from, int to) {
    for (int key = from; key < to; key++) {
      held.add(key);
      evictions.written(key);
    }
  }

  private void end(Fate fate) {
    Map<Integer, Consumer<Fate>> ending = new LinkedHashMap<>(underWay);
    underWay.clear();
    ending.forEach(
        (key, onEnd) -> {
          if (fate == Fate.EFFECTIVE) {
            held.remove(key);
            evictions.gone(key);
          }
          onEnd.accept(fate);
        });
  }

  @Test
  void makeRoom_whileEvictionsAreUnderWay_asksForNoMore() {
    write(0, 25);
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(15);
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(15);
    end(Fate.EFFECTIVE);
    evictions.makeRoom(0);
    assertThat(underWay).isEmpty();
    assertThat(held).hasSize(MAX);
    assertThat(counted).hasValue(15);
  }

  @Test
  void makeRoom_othersEvictedWhatThisNodeWouldKeep_asksForTheExcessOnly() {
    write(0, 25);
    evictions.makeRoom(0);
    Set<Integer> kept = new HashSet<>(held);
    kept.removeAll(underWay.keySet());
    end(Fate.INEFFECTIVE);
    for (int key : List.copyOf(kept).subList(0, 5)) {
      held.remove(key);
      evictions.gone(key);
    }
    evictions.makeRoom(0);
    evictions.makeRoom(0);
    assertThat(underWay).as("20 are there").hasSize(10);
  }

  @Test
  void makeRoom_evictionsInVain_asksAgain() {
    write(0, 25);
    evictions.makeRoom(0);
    end(Fate.INEFFECTIVE);
    assertThat(counted).hasValue(0);
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(15);
  }

  @Test
  void makeRoom_outboxFull_asksLater() {
    write(0, 25);
    full = true;
    evictions.makeRoom(0);
    full = false;
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(15);
  }

  @Test
  void makeRoom_farMoreThanTheBound_goesOnByItselfInPortions() {
    write(0, 5_000);
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(1_024);
    for (int i = 0; i < 20; i++) {
      end(Fate.EFFECTIVE);
    }
    assertThat(held).hasSizeLessThanOrEqualTo(MAX + 512);
    evictions.makeRoom(0);
    end(Fate.EFFECTIVE);
    assertThat(held).hasSize(MAX);
  }

  @Test
  void makeRoom_othersComeFirst_waitsItsTurnAndAnewAfterABreak() {
    write(0, 25);
    look(2, 2 * Evictions.TURN_LOOKS);
    assertThat(underWay).isEmpty();
    for (int key : List.copyOf(held).subList(0, 15)) { // the first node evicted
      held.remove(key);
      evictions.gone(key);
    }
    evictions.makeRoom(2);
    write(25, 30);
    look(2, 2 * Evictions.TURN_LOOKS);
    assertThat(underWay).isEmpty();
    evictions.makeRoom(2);
    assertThat(underWay).hasSize(5);
  }

  private void look(int rank, int times) {
    for (int i = 0; i < times; i++) {
      evictions.makeRoom(rank);
    }
  }

  /** Writes that last: above the bound at each look, although the first node works. */
  @Test
  void makeRoom_anotherNodeEvictsAllTheTime_neverTakesItsTurn() {
    write(0, 25);
    for (int i = 0; i < 10 * Evictions.TURN_LOOKS; i++) {
      evictions.makeRoom(1);
      assertThat(underWay).isEmpty();
      evictions.evictedElsewhere();
    }
    evictions.makeRoom(1); // hears of the last one
    look(1, Evictions.TURN_LOOKS - 1);
    assertThat(underWay).isEmpty();
    evictions.makeRoom(1);
    assertThat(underWay).as("the other one is silent").hasSize(15);
  }

  @Test
  void makeRoom_theFirstComesBack_goesOnNoFurther() {
    write(0, 5_000);
    look(1, Evictions.TURN_LOOKS + 1);
    assertThat(underWay).hasSize(1_024);
    evictions.evictedElsewhere();
    end(Fate.EFFECTIVE);
    assertThat(underWay).isEmpty();
    look(1, Evictions.TURN_LOOKS);
    assertThat(underWay).isEmpty();
    evictions.makeRoom(1);
    assertThat(underWay).hasSize(1_024);
  }

  /** The view has made this node the first: the others' last evictions are no reason to wait. */
  @Test
  void makeRoom_isFirst_evictsWhateverOthersDo() {
    write(0, 25);
    evictions.evictedElsewhere();
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(15);
  }

  /** Its own evictions tell nothing of the others. */
  @Test
  void makeRoom_hasTakenItsTurn_goesOnWithoutWaitingAgain() {
    write(0, 25);
    look(1, Evictions.TURN_LOOKS + 1);
    assertThat(underWay).hasSize(15);
    write(100, 110);
    end(Fate.EFFECTIVE);
    evictions.makeRoom(1);
    assertThat(underWay).hasSize(10);
  }

  @Test
  void reset_newMemory_startsFromWhatItHolds() {
    write(0, 25);
    evictions.reset();
    held.clear();
    write(100, 112);
    evictions.makeRoom(0);
    assertThat(underWay).hasSize(2);
    assertThat(underWay.keySet()).allMatch(key -> key >= 100);
  }
}
