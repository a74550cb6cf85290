// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.testkit.RabbitBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is sent, as the stream of a real RabbitMQ holds it, and what is not. */
@ExtendWith(SharedRabbit.class)
class QuietWireIT {
  private static final int GETS = 10_000;
  private static final int ENTRIES = 1_000_000;

  private final Nodes nodes = new Nodes();

  @AfterEach
  void close() {
    nodes.close();
  }

  private Map<String, Integer> sent(RabbitBroker broker, long after, WarrenCache<?, ?> until)
      throws Exception {
    until.barrier(Nodes.PATIENCE);
    return StreamReader.cacheEvents(
        broker.uri(), nodes.cluster(), offset(after) + 1, offset(until.position()));
  }

  private static long offset(long position) {
    return position >> 12;
  }

  @Test
  void get_oneInFiveMisses_invalidationCacheSendsNothing(RabbitBroker broker) throws Exception {
    ReadThroughNodes through = new ReadThroughNodes(nodes);
    ReadThroughNodes.Node one = through.open(broker.uri());
    ReadThroughNodes.Node two = through.open(broker.uri());
    for (int i = 0; i < GETS; i++) {
      through.store.put("k" + i, i);
    }
    long before = one.warren().position();
    for (int i = 0; i < GETS; i++) {
      Cache<String, Integer> cache = (i / 5 % 2 == 0 ? one : two).cache;
      int key = i / 5 * 5; // the first of five misses
      assertThat(cache.get("k" + key)).isEqualTo(key);
    }
    assertThat(through.loads).as("misses").hasValue(GETS / 5);
    assertThat(sent(broker, before, one.warren())).isEmpty();

    one.cache.put("k0", -1); // the count is not blind
    assertThat(sent(broker, before, one.warren())).isEqualTo(Map.of("Invalidate through", 1));
  }

  @Test
  void clear_ofAMillionEntries_sendsOneEventAndTouchesNoOtherCache(RabbitBroker broker)
      throws Exception {
    Node one = nodes.open(broker.uri()).ready();
    Node two = nodes.open(broker.uri()).ready();
    Cache<String, Object> other = WriterMain.cache(one.manager, "other");
    Cache<String, Object> otherThere = WriterMain.cache(two.manager, "other");
    for (int i = 0; i < 100; i++) {
      other.put("k" + i, i);
    }
    Map<String, Object> portion = new HashMap<>();
    for (int i = 0; i < ENTRIES; i++) {
      portion.put("k" + i, i);
      if (portion.size() == 1_000) {
        one.cache.putAll(portion);
        portion.clear();
      }
    }
    one.warren().barrier(Nodes.PATIENCE);
    await().atMost(Nodes.PATIENCE).until(() -> two.warren().size() == ENTRIES);
    Digest otherBefore = other.unwrap(WarrenCache.class).digest(Nodes.PATIENCE);
    long before = one.warren().position();

    one.cache.clear();

    assertThat(sent(broker, before, one.warren())).isEqualTo(Map.of("Clear c", 1));
    await().atMost(Nodes.PATIENCE).until(() -> two.warren().size() == 0);
    for (Cache<String, Object> each : List.of(other, otherThere)) {
      Digest after = each.unwrap(WarrenCache.class).digest(Nodes.PATIENCE);
      assertThat(after.entries()).isEqualTo(100);
      assertThat(after.hash()).isEqualTo(otherBefore.hash());
    }
  }
}
