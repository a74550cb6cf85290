// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStore.Checkpoint;
import dev.warren.sync.SnapshotStore.Round;
import dev.warren.sync.SnapshotStoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class MemorySnapshotStoreTest extends SnapshotStoreContract {
  private final Map<String, MemorySnapshotStore.Disk> disks = new ConcurrentHashMap<>();

  @Override
  protected SnapshotStore open(String cluster) {
    return new MemorySnapshotStore(
        disks.computeIfAbsent(cluster, c -> new MemorySnapshotStore.Disk()));
  }

  @Test
  void setReachable_false_failsUntilTrueAgain() {
    MemorySnapshotStore store = new MemorySnapshotStore();
    store.disk().setReachable(false);
    assertThatThrownBy(store::readCheckpoint).isInstanceOf(SnapshotStoreException.class);

    store.disk().setReachable(true);
    assertThat(store.readCheckpoint()).isEmpty();
  }

  @Test
  void erase_afterRound_isAsNew() {
    MemorySnapshotStore store = new MemorySnapshotStore();
    Checkpoint checkpoint = new Checkpoint(1, EpochId.NONE, 0, Map.of(), new byte[0]);
    store.writeRound(new Round(0, checkpoint, List.of()));

    store.disk().erase();

    assertThat(store.readCheckpoint()).isEmpty();
    assertThat(store.writeRound(new Round(0, checkpoint, List.of()))).isTrue();
  }
}
