// SPDX-License-Identifier: Apache-2.0
package dev.warren.tckpeers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.Ports;
import dev.warren.testkit.RabbitBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All 479 tests of the TCK on replicated caches, while two more members live beside it in JVMs of
 * their own, apply all that the TCK writes, and end equal.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TckWithPeersIT {

  @BeforeAll
  static void skipWhereFaultsAreOff() {
    assumeFalse(
        System.getProperty("warren.test.faults", "auto").equals("off"),
        "skipped: warren.test.faults is off");
  }

  @Test
  void run_twoPeersOnTheEmbeddedBroker_allPassAndPeersEndEqual() throws IOException {
    assertPassesBesidePeers("embedded:?port=" + Ports.free());
  }

  @Test
  void run_twoPeersOnRabbitMq_allPassAndPeersEndEqual() {
    try (RabbitBroker broker = RabbitBroker.startOrSkip()) {
      assertPassesBesidePeers(broker.uri());
    }
  }

  private static void assertPassesBesidePeers(String log) {
    try (ChildJvm first = member(PeerMain.class, log);
        ChildJvm second = member(PeerMain.class, log)) {
      first.expect("ready");
      second.expect("ready");
      try (ChildJvm tck = member(TckMain.class, log)) {
        List<String> failed = new ArrayList<>();
        String count = tck.expect("count", 300, failed::add);
        assertThat(failed).as("tests that failed").isEmpty();
        assertThat(count).as("run, failed, ignored").isEqualTo("479 0 0");
        tck.expect("left");
      }
      await("peers end equal")
          .atMost(PeerMain.PATIENCE)
          .untilAsserted(() -> assertThat(state(first)).isEqualTo(state(second)));
      String[] state = state(first).split(" ", 3);
      assertThat(Long.parseLong(state[0])).as("events applied").isGreaterThan(2_500);
      assertThat(state[1]).as("resynchronisations").isEqualTo("0");
      assertThat(state[2]).contains("entries=" + TckMain.LEFT);
    }
  }

  private static String state(ChildJvm peer) {
    peer.say("state");
    return peer.expect("state");
  }

  private static ChildJvm member(Class<?> main, String log) {
    return new ChildJvm(
        main,
        List.of(
            "-Dwarren.log=" + log,
            "-Dwarren.cluster=tck",
            "-Dwarren.epoch-grace=100ms",
            "-Dwarren.serialization.allow=domain.**", // classes of the TCK in caches of Object
            "-Djava.net.preferIPv4Stack=true",
            "-Dorg.jsr107.tck.support.server.address=127.0.0.1",
            "-Djavax.cache.CacheManager=dev.warren.jcache.internal.manager.WarrenCacheManager",
            "-Djavax.cache.Cache=dev.warren.jcache.internal.cache.WarrenJCache",
            "-Djavax.cache.Cache.Entry=dev.warren.jcache.internal.cache.IteratedEntry"),
        entry -> true);
  }
}
