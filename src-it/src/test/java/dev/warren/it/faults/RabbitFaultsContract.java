// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.it.faults.Writers.Writer;
import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.testkit.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What must hold whatever happens to brokers and nodes while nodes in processes of their own write
 * with {@code write-ack = log}: afterwards all nodes are equal by digest, nothing that was
 * acknowledged is missing, and nothing that was removed is back. Each test also shows that its
 * fault did happen. {@code warren.faults.rounds} repeats each fault.
 */
abstract class RabbitFaultsContract {
  static final int ROUNDS = Integer.getInteger("warren.faults.rounds", 1);

  /** How much each writer must get acknowledged before and after a fault. */
  static final int ENOUGH = 100;

  final Nodes nodes = new Nodes();
  final LogLines log = new LogLines();
  private final List<Writers> opened = new ArrayList<>();
  private final List<LoopbackProxy> proxies = new ArrayList<>();

  /** An address that names all brokers. */
  abstract String uri();

  /** One that runs. */
  abstract RabbitBroker broker();

  abstract List<RabbitBroker> brokers();

  @AfterEach
  void endAll() {
    try {
      opened.forEach(Writers::close);
      nodes.close();
    } finally {
      proxies.forEach(LoopbackProxy::close);
      log.close();
    }
  }

  String stream() {
    return "warren." + nodes.cluster();
  }

  /** {@code more} are settings, each key followed by its value. */
  Writers writers(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "warren.defaults.write-ack",
                "log",
                "warren.transport.heartbeat",
                "1s",
                "warren.caches.0.name",
                WriterMain.BURST,
                "warren.caches.0.write-ack",
                "local"));
    settings.addAll(List.of(more));
    Writers writers = new Writers(nodes, settings.toArray(String[]::new));
    opened.add(writers);
    return writers;
  }

  /** A stream can be lost with a broker that is killed in the stream's first seconds. */
  static void awaitStreamIsSettled() {
    await("the stream is settled")
        .pollDelay(Duration.ofSeconds(5))
        .atMost(Nodes.PATIENCE)
        .until(() -> true);
  }

  static void awaitThat(String what, BooleanSupplier condition) {
    await(what)
        .atMost(Nodes.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(condition::getAsBoolean);
  }

  private Set<String> connections() {
    Set<String> names = new HashSet<>();
    broker().control("list_connections", "name").lines().skip(1).forEach(names::add);
    return names;
  }

  private static boolean sees(Node observer, int members) {
    return observer.warren().members().stream().filter(ClusterMember::ready).count() == members;
  }

  static WarrenMetrics.MemberMetrics metrics(Node node) {
    return node.manager.unwrap(WarrenMetrics.class).memberMetrics();
  }

  /** From a member, or, if none answered in time because the machine is busy, from the log (E1). */
  private static void assertRecovered(Writer writer) {
    assertThat(writer.ask("source")).isIn("SIBLING", "LOG");
  }

  @Test
  void connectionsAreClosed_inABurst_nothingIsLost() {
    Writers writers = writers();
    List<Writer> two = writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      observer.awaitState(WarrenHealth.State.READY);
      Set<String> before = connections();
      assertThat(before).hasSizeGreaterThanOrEqualTo(3);
      int warnings = log.warnings("WRN-0301").size();
      brokers().forEach(RabbitBroker::closeAllConnections);
      awaitThat("the observer noticed", () -> log.warnings("WRN-0301").size() > warnings);
      writers.awaitAcknowledged(ENOUGH);
      assertThat(connections()).as("all are new").doesNotContainAnyElementsOf(before);
    }
    two.forEach(writer -> writer.awaitWarning("WRN-0301"));
    writers.assertNothingLostAndAllEqual(observer);
  }

  /** The address whose first broker is reached through a proxy, and the proxy. */
  LoopbackProxy proxy() {
    LoopbackProxy proxy = new LoopbackProxy(brokers().get(0).port());
    proxies.add(proxy);
    return proxy;
  }

  String through(LoopbackProxy proxy) {
    return uri().replaceFirst("@127.0.0.1:\\d+", "@127.0.0.1:" + proxy.port());
  }

  @Test
  void connectionIsHalfOpen_ofAWriterAndOfTheObserver_nothingIsLost() {
    LoopbackProxy proxy = proxy();
    Writers writers = writers();
    List<Writer> two = writers.start(through(proxy), uri());
    Node observer = writers.observe(through(proxy));
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      long swallowed = proxy.swallowedBytes();
      int warnings = log.warnings("WRN-0301").size();
      proxy.cut();
      awaitThat("bytes go nowhere", () -> proxy.swallowedBytes() > swallowed);
      awaitThat("the observer noticed", () -> log.warnings("WRN-0301").size() > warnings);
      writers.awaitAcknowledged(ENOUGH);
    }
    two.get(0).awaitWarning("WRN-0301");
    writers.assertNothingLostAndAllEqual(observer);
  }

  /**
   * Here writes are acknowledged by all: what only one node has applied may go with the stream (see
   * the protocol's known gaps).
   */
  @Test
  void streamIsDeleted_whileNodesWrite_nextEpochHoldsEverything() {
    Writers writers = writers("warren.defaults.write-ack", "all");
    writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      String epoch = metrics(observer).epoch();
      broker().control("delete_queue", stream());
      awaitThat("another epoch", () -> !metrics(observer).epoch().equals(epoch));
      writers.awaitAcknowledged(ENOUGH);
    }
    assertThat(log.warnings("WRN-0301"))
        .as("the observer saw it go")
        .anyMatch(line -> line.contains("cancelled the consumer of " + stream()));
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void nodes_stoppedAndKilled_areMissedAndNothingIsLost() {
    Writers writers = writers("warren.member-timeout", "3s");
    List<Writer> three = writers.start(uri(), uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    awaitThat("all are ready", () -> sees(observer, 4));
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      three.get(0).jvm.pause();
      try {
        awaitThat("the others miss it", () -> sees(observer, 3));
      } finally {
        three.get(0).jvm.resume();
      }
      awaitThat("it is back", () -> sees(observer, 4));
      writers.awaitAcknowledged(ENOUGH);
    }
    three.get(1).kill();
    awaitThat("the others miss it", () -> sees(observer, 3));
    writers.awaitAcknowledged(ENOUGH);
    Writer next = writers.start(uri()).get(0);
    assertRecovered(next);
    assertThat(next.ask("go")).isEqualTo("going");
    writers.awaitAcknowledged(ENOUGH);
    writers.assertNothingLostAndAllEqual(observer);
  }

  /**
   * If its connection outlives that, the broker goes on where the log begins now, and says nothing:
   * then the figures of the others tell the node (A8).
   */
  @Test
  void logIsTruncated_behindAStoppedNode_itGetsItsMemoryAnew() throws Exception {
    StreamReader.declare(
        broker().uri(),
        nodes.cluster(),
        Map.of("x-max-length-bytes", 2_000_000L, "x-stream-max-segment-size-bytes", 500_000L));
    Writers writers = writers("warren.member-timeout", "3s");
    List<Writer> two = writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      Writer stopped = two.get(0);
      long asked = Long.parseLong(stopped.ask("position")) >> 12;
      stopped.jvm.pause();
      try {
        // More records than the prefetch: it must not find all of them in its socket's buffers.
        for (int i = 0; i < 400; i++) {
          observer.cache(WriterMain.BURST).put("large" + i % 10, new byte[100_000]);
          if (i % 10 == 9) { // else the later ones of a key would take the earlier ones' place
            observer.warren().barrier(Nodes.PATIENCE);
          }
        }
        awaitThat("the others miss it", () -> sees(observer, 2));
      } finally {
        stopped.jvm.resume();
      }
      assertThat(StreamReader.firstOffset(broker().uri(), nodes.cluster()))
          .as("first retained offset")
          .isGreaterThan(asked + 200);
      int expected = round + 1;
      await("it has its memory anew")
          .atMost(Nodes.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(stopped.ask("resyncs"))
                      .isIn(expected + " LOG_TRUNCATED", expected + " EVENTS_MISSED"));
      boolean stayedConnected = stopped.ask("resyncs").endsWith(" EVENTS_MISSED");
      stopped.awaitWarning(stayedConnected ? "WRN-0216" : "WRN-0202");
      writers.awaitAcknowledged(ENOUGH);
    }
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void threeNodes_joinAtOnceUnderLoad_allBecomeReadyAndEqual() {
    Writers writers = writers();
    writers.start(uri(), uri());
    Node observer = writers.observe(uri());
    writers.go();
    for (int round = 0; round < ROUNDS; round++) {
      writers.awaitAcknowledged(ENOUGH);
      List<Writer> joined = writers.start(uri(), uri(), uri());
      joined.forEach(RabbitFaultsContract::assertRecovered);
      awaitThat("all are ready", () -> sees(observer, 6));
      joined.forEach(writer -> assertThat(writer.ask("go")).isEqualTo("going"));
      writers.awaitAcknowledged(ENOUGH);
      writers.assertNothingLostAndAllEqual(observer);
      joined.forEach(Writer::end);
      awaitThat("they said goodbye", () -> sees(observer, 3));
      writers.go();
    }
    writers.assertNothingLostAndAllEqual(observer);
  }

  @Test
  void nodes_restartedOneAfterTheOtherUnderLoad_nothingIsLost() {
    Writers writers = writers();
    List<Writer> running = new ArrayList<>(writers.start(uri(), uri(), uri()));
    Node observer = writers.observe(uri());
    writers.go();
    Set<Long> pids = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < running.size(); i++) {
        writers.awaitAcknowledged(ENOUGH);
        pids.add(running.get(i).jvm.pid());
        running.get(i).end();
        Writer next = writers.start(uri()).get(0);
        assertRecovered(next);
        assertThat(next.ask("go")).isEqualTo("going");
        running.set(i, next);
      }
    }
    writers.awaitAcknowledged(ENOUGH);
    assertThat(pids).as("processes that ended").hasSize(3 * ROUNDS);
    assertThat(ProcessHandle.allProcesses().map(ProcessHandle::pid).toList())
        .doesNotContainAnyElementsOf(pids);
    writers.assertNothingLostAndAllEqual(observer);
  }
}
