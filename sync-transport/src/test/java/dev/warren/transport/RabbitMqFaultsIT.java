// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.sync.ClusterTransport;
import dev.warren.sync.SharedLog;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import dev.warren.testkit.RabbitBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a real RabbitMQ does to a transport on bad days. */
class RabbitMqFaultsIT {
  private static final Logger LOG = LoggerFactory.getLogger(RabbitMqFaultsIT.class);

  @SuppressWarnings("NullAway.Init")
  private static RabbitBroker broker;

  private final String cluster = "c" + UUID.randomUUID();

  @BeforeAll
  static void startBroker() {
    broker = RabbitBroker.startOrSkip();
  }

  @AfterAll
  static void closeBroker() {
    @Nullable RabbitBroker started = broker;
    if (started != null) {
      started.close();
    }
  }

  private ClusterTransport start(String uri, ConnectionLog events) {
    ClusterTransport transport = new AmqpTransportProvider().create(uri, cluster, Map.of());
    transport.start(events);
    return transport;
  }

  private TransportException firstFailure(String uri) {
    ConnectionLog events = new ConnectionLog();
    ClusterTransport transport = start(uri, events);
    try {
      await("a failure").atMost(Duration.ofSeconds(30)).until(() -> !events.causes.isEmpty());
      return events.causes.get(0);
    } finally {
      transport.close();
    }
  }

  /**
   * A publisher keeps up to 500 records in flight while the broker is killed and started again
   * twice; what failed is not appended again. In the end every acknowledged record must be in the
   * log.
   */
  @Test
  void append_brokerIsKilledInABurst_losesNothingAcknowledged() throws Exception {
    ConnectionLog events = new ConnectionLog();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> unknown = ConcurrentHashMap.newKeySet();
    Semaphore inFlight = new Semaphore(500);
    try (ClusterTransport transport = start(broker.uri(), events)) {
      events.awaitConnections(1);
      await("the stream's leader is settled: it can be lost in its first seconds")
          .pollDelay(Duration.ofSeconds(5))
          .until(() -> true);
      Thread publisher =
          new Thread(
              () -> {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                  publish(transport, "r" + i, inFlight, acknowledged, unknown);
                }
              },
              "test-publisher");
      publisher.start();
      for (int round = 1; round <= 2; round++) {
        int enough = acknowledged.size() + 5_000;
        await("acknowledged")
            .atMost(Duration.ofSeconds(60))
            .until(() -> acknowledged.size() > enough);
        broker.kill();
        broker.start();
        events.awaitConnections(round + 1);
      }
      int enough = acknowledged.size() + 1_000;
      await("acknowledged")
          .atMost(Duration.ofSeconds(60))
          .until(() -> acknowledged.size() > enough);
      publisher.interrupt();
      publisher.join(10_000);
      assertThat(inFlight.tryAcquire(500, 30, TimeUnit.SECONDS)).as("all told").isTrue();

      Set<String> stored = ConcurrentHashMap.newKeySet();
      transport
          .log()
          .subscribe(
              SharedLog.FIRST,
              record -> stored.add(new String(record.bytes(), StandardCharsets.UTF_8)));
      transport.log().append("end".getBytes(StandardCharsets.UTF_8)).toCompletableFuture().join();
      await("the end of the log")
          .atMost(Duration.ofSeconds(60))
          .until(() -> stored.contains("end"));
      Set<String> lost = new HashSet<>(acknowledged);
      lost.removeAll(stored);
      LOG.info(
          "{} acknowledged, {} failed, of which {} are stored",
          acknowledged.size(),
          unknown.size(),
          unknown.stream().filter(stored::contains).count());
      assertThat(lost).isEmpty();
      assertThat(unknown).as("the broker was hit in a burst").isNotEmpty();
      assertThat(Collections.disjoint(acknowledged, unknown)).isTrue();
    }
  }

  private static void publish(
      ClusterTransport transport,
      String record,
      Semaphore inFlight,
      Set<String> acknowledged,
      Set<String> unknown) {
    try {
      inFlight.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    transport
        .log()
        .append(record.getBytes(StandardCharsets.UTF_8))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                acknowledged.add(record);
              } else if (!String.valueOf(failure.getMessage()).contains("there is no connection")) {
                unknown.add(record);
              } else {
                LockSupport.parkNanos(1_000_000); // spare the processor that starts the broker
              }
              inFlight.release();
            });
  }

  @Test
  void start_wrongPassword_isRefusedLogin() {
    TransportException cause =
        firstFailure(broker.uri().replace("guest:guest@", "guest:secret-word@"));
    assertThat(cause.reason()).isEqualTo(Reason.REFUSED_LOGIN);
    assertThat(cause).hasMessageContaining("guest:***@").hasMessageNotContaining("secret-word");
  }

  @Test
  void start_noSuchVhost_isNoSuchVhost() {
    TransportException cause = firstFailure(broker.uri() + "/elsewhere");
    assertThat(cause.reason()).isEqualTo(Reason.NO_SUCH_VHOST);
    assertThat(cause).hasMessageContaining("has no virtual host elsewhere");
  }

  @Test
  void start_userWithoutPermission_isNoPermission() {
    broker.control("add_user", "reader", "reader");
    String uri = broker.uri().replace("guest:guest@", "reader:reader@");
    assertThat(firstFailure(uri).reason()).as("no vhost").isEqualTo(Reason.NO_PERMISSION);
    broker.control("set_permissions", "reader", "^$", ".*", ".*");
    assertThat(firstFailure(uri).reason()).as("no configure").isEqualTo(Reason.NO_PERMISSION);
  }

  @Test
  void start_firstAddressIsDead_usesTheNext() {
    ConnectionLog events = new ConnectionLog();
    String uri = broker.uri().replace("@", "@127.0.0.1:1,");
    try (ClusterTransport transport = start(uri, events)) {
      events.awaitConnections(1);
      assertThat(events.causes).isEmpty();
      assertThat(transport.describe()).contains("127.0.0.1:1,127.0.0.1:" + broker.port());
    }
  }

  @Test
  void start_logHasOtherArguments_usesItAsItIs() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      connection
          .createChannel()
          .queueDeclare(
              "warren." + cluster,
              true,
              false,
              false,
              Map.of("x-queue-type", "stream", "x-max-age", "1D"));
    }
    ConnectionLog events = new ConnectionLog();
    try (ClusterTransport transport = start(broker.uri(), events)) {
      events.awaitConnections(1);
      transport.log().append(new byte[] {1}).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(transport.log().head().toCompletableFuture().get(30, TimeUnit.SECONDS))
          .isPresent();
    }
  }

  @Test
  void start_queueOfThatNameIsNoStream_isUnsuitable() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      connection.createChannel().queueDeclare("warren." + cluster, true, false, false, Map.of());
    }
    TransportException cause = firstFailure(broker.uri());
    assertThat(cause.reason()).isEqualTo(Reason.UNSUITABLE_BROKER);
    assertThat(cause).hasMessageContaining("must be deleted first");
  }

  /** Prints orders of magnitude; asserts only that all arrives. */
  @Test
  void append_manyPipelined_allArrive() throws Exception {
    int count = 50_000;
    ConnectionLog events = new ConnectionLog();
    try (ClusterTransport transport = start(broker.uri(), events)) {
      events.awaitConnections(1);
      CountDownLatch arrived = new CountDownLatch(count);
      transport.log().subscribe(SharedLog.NEXT, record -> arrived.countDown());
      Semaphore window = new Semaphore(1_000);
      long before = System.nanoTime();
      for (int i = 0; i < count; i++) {
        window.acquire();
        transport.log().append(new byte[100]).whenComplete((done, failure) -> window.release());
      }
      assertThat(window.tryAcquire(1_000, 60, TimeUnit.SECONDS)).isTrue();
      long confirmed = System.nanoTime();
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
      CountDownLatch replayed = new CountDownLatch(count);
      long start = System.nanoTime();
      transport.log().subscribe(SharedLog.FIRST, record -> replayed.countDown());
      assertThat(replayed.await(60, TimeUnit.SECONDS)).isTrue();
      LOG.info(
          "{} records of 100 bytes: confirmed in {} ms, replayed in {} ms",
          count,
          (confirmed - before) / 1_000_000,
          (System.nanoTime() - start) / 1_000_000);
    }
  }

  @Test
  void logIsDeleted_always_endsTheConnectionAndMakesANewLog() throws Exception {
    ConnectionLog events = new ConnectionLog();
    try (ClusterTransport transport = start(broker.uri(), events)) {
      events.awaitConnections(1);
      transport.log().append(new byte[] {1}).toCompletableFuture().get(30, TimeUnit.SECONDS);
      transport.log().subscribe(SharedLog.FIRST, record -> {});
      broker.control("delete_queue", "warren." + cluster);
      events.awaitConnections(2);
      assertThat(transport.log().head().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEmpty();
    }
  }
}
