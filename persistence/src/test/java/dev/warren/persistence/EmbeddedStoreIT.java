// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStoreException;
import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code embedded:} in several processes, some of which are killed. */
@SuppressWarnings("NullAway.Init")
class EmbeddedStoreIT {
  /** Of a process that SIGKILL ended: 128 + 9. */
  private static final int KILLED = 137;

  @TempDir private Path dir;
  private String uri;
  private int port;

  @BeforeEach
  void chooseAddress() throws Exception {
    port = Ports.free();
    uri = "embedded:?port=" + port + "&dir=" + dir;
  }

  @Test
  void writeRound_acknowledgedThenKilled_isThereAfterwards() throws Exception {
    long acknowledged = 0;
    for (int kill = 1; kill <= 3; kill++) {
      try (ChildJvm child = new ChildJvm(EmbeddedStoreChild.class, uri, "100000")) {
        long enough = acknowledged + 20;
        while (acknowledged < enough) {
          acknowledged = next(child, acknowledged);
        }
        assertThat(child.kill()).as("exit status of the killed process").isEqualTo(KILLED);
        String line;
        while ((line = child.await("acknowledged")) != null) {
          acknowledged = Long.parseLong(line);
        }
      }
      try (SnapshotStore store = EmbeddedStoreChild.open(uri)) {
        Checkpoint checkpoint = store.readCheckpoint().orElseThrow();
        assertThat(checkpoint.version()).isGreaterThanOrEqualTo(acknowledged);
        assertHolds(store, checkpoint, EmbeddedStoreChild.expected(acknowledged));
        acknowledged = checkpoint.version();
      }
    }
  }

  private static long next(ChildJvm child, long before) throws Exception {
    String line = child.await("acknowledged");
    assertThat(line).as("the child ended by itself after %d", before).isNotNull();
    return Long.parseLong(line);
  }

  private static void assertHolds(
      SnapshotStore store, Checkpoint checkpoint, Map<String, Long> expected) {
    Map<String, Long> found = new HashMap<>();
    store.scan(
        checkpoint,
        d -> {
          String key = new String(d.key().array(), StandardCharsets.UTF_8);
          byte[] value = d.value();
          assertThat(value).isNotNull();
          assertThat(new String(value, StandardCharsets.UTF_8))
              .isEqualTo(key + " in " + d.writePosition());
          found.put(key, d.writePosition());
        });
    expected.forEach(
        (key, position) ->
            assertThat(found.getOrDefault(key, -1L)).as(key).isGreaterThanOrEqualTo(position));
  }

  @Test
  void readCheckpoint_processThatRanItKilled_isTakenOver() throws Exception {
    try (ChildJvm child = new ChildJvm(EmbeddedStoreChild.class, uri, "100000");
        SnapshotStore store = EmbeddedStoreChild.open(uri)) {
      long acknowledged = next(child, 0);
      assertThat(store.readCheckpoint().orElseThrow().version())
          .as("read through the other process")
          .isGreaterThanOrEqualTo(acknowledged);

      assertThat(child.kill()).isEqualTo(KILLED);

      Awaitility.await("this process takes over")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SnapshotStoreException.class)
          .untilAsserted(
              () ->
                  assertThat(store.readCheckpoint().orElseThrow().version())
                      .isGreaterThanOrEqualTo(acknowledged));
      long version = store.readCheckpoint().orElseThrow().version();
      assertThat(store.writeRound(EmbeddedStoreChild.round(version))).isTrue();
    }
  }

  @Test
  void main_closesNothing_ends() throws Exception {
    try (ChildJvm child = new ChildJvm(EmbeddedStoreChild.class, uri, "3")) {
      assertThat(child.await("end")).isNotNull();
      assertThat(child.exitStatus()).isZero();
    }
  }

  @Test
  void readCheckpoint_portInUseBySomethingElse_saysSo() throws Exception {
    try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        SnapshotStore store = EmbeddedStoreChild.open(uri)) {
      assertThat(stranger.isBound()).isTrue();
      assertThatThrownBy(store::readCheckpoint)
          .isInstanceOf(SnapshotStoreException.class)
          .hasMessageContaining("port " + port)
          .hasMessageContaining("something else uses it")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void readCheckpoint_otherFolderOnSamePort_isRefused() {
    try (SnapshotStore one = EmbeddedStoreChild.open(uri);
        SnapshotStore other = EmbeddedStoreChild.open("embedded:?memory=true&port=" + port)) {
      one.readCheckpoint();

      assertThatThrownBy(other::readCheckpoint)
          .isInstanceOf(SnapshotStoreException.class)
          .hasMessageContaining("must name the same folder")
          .hasMessageContaining(dir.toString())
          .hasMessageContaining("in memory");
    }
  }

  @Test
  void close_firstOfTwoInOneProcess_leavesTheServerToTheOther() {
    try (SnapshotStore other = EmbeddedStoreChild.open(uri)) {
      try (SnapshotStore one = EmbeddedStoreChild.open(uri)) {
        one.writeRound(EmbeddedStoreChild.round(0));
        assertThat(other.readCheckpoint()).isPresent();
      }
      assertThat(other.readCheckpoint()).isPresent();
    }
    try (SnapshotStore later = EmbeddedStoreChild.open(uri)) {
      assertThat(later.readCheckpoint()).isPresent();
    }
  }
}
