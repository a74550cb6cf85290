// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CacheCutTest {

  private static final EpochId EPOCH = new EpochId(1, new UUID(0, 1));

  private record Item(String key, LogEntry entry) {}

  private static Item item(String key, String value, long expiry, long write, long touch) {
    return new Item(key, new LogEntry(bytes(value), expiry, write, touch));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static CacheCut cut(List<Item> items) {
    Replica replica = Replica.from(ReplicaState.empty(EPOCH, 7, false));
    items.forEach(i -> replica.install("c", Bytes.wrap(bytes(i.key())), i.entry(), 0));
    return CacheCut.of(replica, "c");
  }

  private static long hash(Item... items) {
    return cut(List.of(items)).hash();
  }

  @Test
  void hash_anyOrderOfInsertion_isEqual() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      items.add(item("k" + i, "value " + i, i % 3 == 0 ? Event.NEVER : i, i, LogEntry.UNTOUCHED));
    }
    CacheCut inOrder = cut(items);
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(items, new Random(seed));
      assertThat(cut(items).hash()).as("seed %d", seed).isEqualTo(inOrder.hash());
    }
    assertThat(inOrder.size()).isEqualTo(1_000);
    assertThat(inOrder.position()).isEqualTo(7L << 12 | 4095);
  }

  @Test
  void hash_oneDifferenceOfAnyKind_isAnother() {
    Item other = item("other", "x", Event.NEVER, 3, LogEntry.UNTOUCHED);
    Set<Long> seen = new HashSet<>();
    seen.add(hash(other));
    seen.add(hash(other, item("key", "value", 5, 6, 7)));
    seen.add(hash(other, item("keY", "value", 5, 6, 7)));
    seen.add(hash(other, item("key", "valuE", 5, 6, 7)));
    seen.add(hash(other, item("key", "value\0", 5, 6, 7)));
    seen.add(hash(other, item("keyv", "alue", 5, 6, 7)));
    seen.add(hash(other, item("key", "value", 4, 6, 7)));
    seen.add(hash(other, item("key", "value", 5, 7, 7)));
    seen.add(hash(other, item("key", "value", 5, 6, 8)));
    seen.add(hash(other, item("key", "value", 6, 5, 7)));
    seen.add(hash(other, item("key", "value", 5, 6, LogEntry.UNTOUCHED)));
    seen.add(hash(other, item("key", "", 5, 6, 7)));
    seen.add(hash());
    assertThat(seen).as("no two of them are equal").hasSize(13).contains(0L);
  }

  @Test
  void hash_valuesOfTwoKeysChanged_isAnother() {
    assertThat(hash(item("a", "1", 0, 1, -1), item("b", "2", 0, 1, -1)))
        .isNotEqualTo(hash(item("a", "2", 0, 1, -1), item("b", "1", 0, 1, -1)));
  }

  /* Long arrays, of which one bit is another: each bit must count. */
  @Test
  void hash_eachBitOfAValue_counts() {
    byte[] value = new byte[19];
    Set<Long> seen = new HashSet<>();
    for (int bit = 0; bit < value.length * 8; bit++) {
      byte[] changed = value.clone();
      changed[bit / 8] = (byte) (1 << bit % 8);
      seen.add(cut(List.of(new Item("k", new LogEntry(changed, 0, 1, -1)))).hash());
    }
    assertThat(seen).hasSize(value.length * 8);
  }

  @Test
  void of_replicaGoesOn_theCutStays() {
    Replica replica = Replica.empty(EPOCH, -1, false);
    Origin origin = new Origin(new UUID(0, 9));
    replica.apply(0, put(origin, 1, "a"), applied -> {});
    CacheCut cut = CacheCut.of(replica, "c");
    long before = cut.hash();
    replica.apply(1, put(origin, 2, "b"), applied -> {});
    assertThat(cut.hash()).isEqualTo(before).isNotEqualTo(CacheCut.of(replica, "c").hash());
    assertThat(CacheCut.of(replica, "unknown").size()).isZero();
  }

  private static Batch put(Origin origin, long sequence, String value) {
    Bytes key = Bytes.wrap(bytes("k"));
    Event event = new Event.Put("c", key, bytes(value), Event.NEVER, Event.ANY);
    return new Batch(EPOCH, origin, sequence, false, List.of(event));
  }
}
