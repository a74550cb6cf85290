// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.event.EventDispatcher;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.jcache.internal.store.Store;
import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreProvider;
import dev.warren.sync.codec.ValueCodec;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.memory.MemoryBroker;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on its own: opening caches, and waiting for a database that does as the test says. */
class ClusterNodeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String cluster = "n" + UUID.randomUUID();
  private @Nullable ClusterNode node;

  private ClusterNode open(@Nullable String persistence, ClassLoader loader) {
    Duration hour = Duration.ofHours(1); // the projector stays quiet
    ClusterNode opened =
        new ClusterNode(
            new ClusterSettings(
                cluster,
                "memory:",
                persistence,
                Map.of(),
                new MemberSettings(
                    "one",
                    Duration.ofMillis(20),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    hour,
                    MemberSettings.UNLIMITED),
                OutboxLimits.DEFAULT,
                1 << 20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                cache -> true),
            loader,
            InstantSource.system());
    node = opened;
    return opened;
  }

  private ClusterNode open() {
    return open(null, ClusterNodeTest.class.getClassLoader());
  }

  @AfterEach
  void close() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void open_nodeIsClosed_saysSoInsteadOfWaitingForEver() {
    ClusterNode closed = open();
    closed.close();
    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThatThrownBy(() -> closed.open(shared("c", new Texts(bytes -> {})), 0, () -> {}))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("\"c\"")
                .hasMessageContaining("is closed"));
  }

  @Test
  void open_applierIsHeld_saysSoAndLeavesNothing() {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ClusterNode busy = open();
    Store<Object, Object> store =
        busy.open(
            shared(
                "holding",
                new Texts(
                    bytes -> {
                      held.countDown();
                      awaitUninterruptibly(goOn);
                    })),
            0,
            () -> {});
    store.put(Store.Admission.NONE, "k", "v", Long.MAX_VALUE);
    awaitUninterruptibly(held);
    try {
      assertTimeoutPreemptively(
          PATIENCE,
          () ->
              assertThatThrownBy(
                      () ->
                          busy.open(
                              shared("c", new Texts(bytes -> {})), null, Duration.ofMillis(50)))
                  .isInstanceOf(CacheException.class)
                  .hasMessageContaining("within 50 ms")
                  .hasMessageContaining("warren-applier-" + cluster));
    } finally {
      goOn.countDown();
    }
    assertThat(busy.open(shared("c", new Texts(bytes -> {})), 0, () -> {}).size()).isZero();
  }

  @Test
  void awaitPersisted_timesOut_looksNoMore(@TempDir Path directory) throws Exception {
    try (URLClassLoader loader = loader(directory)) {
      ClusterNode waiting = open("stuck:", loader);
      waiting.view("c").awaitReady(PATIENCE);
      assertThatThrownBy(() -> waiting.awaitPersisted(Duration.ofMillis(500)))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("within 500 ms");
      int looks = StuckStores.LOOKS.get();
      await("no look for ten pauses")
          .during(Duration.ofMillis(500))
          .atMost(PATIENCE)
          .until(() -> StuckStores.LOOKS.get() <= looks + 1); // one may be under way
    }
  }

  @Test
  void awaitPersisted_barrierTookLong_waitsNoLongerThanAsked(@TempDir Path directory)
      throws Exception {
    try (URLClassLoader loader = loader(directory)) {
      ClusterNode waiting = open("stuck:", loader);
      waiting.view("c").awaitReady(PATIENCE);
      MemoryBroker broker = MemoryBroker.named("/" + cluster);
      broker.setUp(false);
      CompletableFuture<Void> up =
          CompletableFuture.runAsync(
              () -> broker.setUp(true), CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS));
      assertTimeoutPreemptively(
          Duration.ofMillis(11_500), // twice the timeout would be at least 12 s
          () ->
              assertThatThrownBy(() -> waiting.awaitPersisted(Duration.ofSeconds(8)))
                  .isInstanceOf(CacheException.class)
                  .hasMessageContaining("the database must hold")
                  .hasMessageContaining("within 8,000 ms"));
      up.join();
    }
  }

  @Test
  void awaitPersisted_databaseHoldsALaterEpoch_returns(@TempDir Path directory) throws Exception {
    try (URLClassLoader loader = loader(directory)) {
      ClusterNode waiting = open("stuck:", loader);
      waiting.view("c").awaitReady(PATIENCE);
      StuckStores.checkpoint =
          new SnapshotStore.Checkpoint(
              1, new EpochId(1_000, UUID.randomUUID()), 0, Map.of(), new byte[0]);
      waiting.awaitPersisted(PATIENCE);
    } finally {
      StuckStores.checkpoint = null;
    }
  }

  private static SharedCache<Object, Object> shared(String name, ValueCodec codec) {
    return new SharedCache<>(
        name, codec, true, unheard(), new KeyLocks<>(name), new Lifecycle(name), false);
  }

  private static EventPort<Object, Object> unheard() {
    return new EventDispatcher<>("c", Copier.BY_REFERENCE);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Adds {@link StuckStores} to the services that the tests see. */
  private static URLClassLoader loader(Path directory) throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(SnapshotStoreProvider.class.getName()), StuckStores.class.getName());
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, ClusterNodeTest.class.getClassLoader());
  }

  /** Texts as UTF-8; tells before it decodes. */
  private record Texts(Consumer<byte[]> decoding) implements ValueCodec {
    @Override
    public byte[] encode(Object value) {
      return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] encodeKey(Object key) {
      return encode(key);
    }

    @Override
    public Object decode(byte[] bytes) {
      decoding.accept(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Databases that take everything, keep nothing, and show the checkpoint that the test sets. */
  public static final class StuckStores implements SnapshotStoreProvider {
    static final AtomicInteger LOOKS = new AtomicInteger();
    static volatile SnapshotStore.@Nullable Checkpoint checkpoint;

    @Override
    public boolean handles(String scheme) {
      return scheme.equals("stuck");
    }

    @Override
    public SnapshotStore create(String uri, String cluster, Map<String, String> settings) {
      return new SnapshotStore() {
        @Override
        public Optional<Checkpoint> readCheckpoint() {
          LOOKS.incrementAndGet();
          return Optional.ofNullable(checkpoint);
        }

        @Override
        public void scan(Checkpoint from, Consumer<Document> sink) {}

        @Override
        public boolean writeRound(Round round) {
          return true;
        }

        @Override
        public String describe() {
          return "stuck:";
        }

        @Override
        public void close() {}
      };
    }
  }
}
