// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.EpochId;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.member.Applier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks at the database's checkpoint again and again, until it covers a position or nobody waits
 * any more. A checkpoint of a later epoch counts too: it holds what that epoch took over, and of
 * this one there will be none any more.
 *
 * @param done completed here; whoever completes or cancels it elsewhere ends the looking
 */
record CheckpointWait(
    SnapshotStore target,
    EpochId epoch,
    long position,
    Applier applier,
    Executor background,
    CompletableFuture<Boolean> done) {

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Looks at once, on a background thread. */
  void look() {
    if (done.isDone()) {
      return;
    }
    try {
      background.execute(this::readAndCompare);
    } catch (RejectedExecutionException e) { // the node was closed
      done.completeExceptionally(e);
    }
  }

  private void readAndCompare() {
    try {
      if (target.readCheckpoint().filter(this::covers).isPresent()) {
        done.complete(true);
      } else if (!done.isDone()) {
        applier.schedule(PAUSE, this::look);
      }
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  private boolean covers(SnapshotStore.Checkpoint checkpoint) {
    return checkpoint.epoch().equals(epoch)
        ? checkpoint.position() >= position
        : checkpoint.epoch().counter() > epoch.counter();
  }
}
