// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Replica;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells members that wait for all ({@link Acknowledgements}) what this one has applied: at once
 * when they ask, and for {@value #LEASE_HEARTBEATS} heartbeats behind each batch. A report is sent
 * by a task of the applier, behind the batches that wait for it already: many batches make one
 * report. By then the listener was told of them, so that readers here see what is reported. Nobody
 * asks, nothing is sent. On the applier thread.
 */
final class PositionReports {

  /** What a member without a memory reports in place of a position. */
  static final long NO_MEMORY = -2;

  private static final int LEASE_HEARTBEATS = 3;

  private final MemberCore core;
  private final Map<Origin, Lease> followers = new HashMap<>();
  private boolean pending;

  private record Lease(long token, long untilMillis) {}

  PositionReports(MemberCore core) {
    this.core = core;
  }

  void follow(Origin from, PeerMessage.Follow follow) {
    long leaseMillis = LEASE_HEARTBEATS * core.settings.heartbeat().toMillis();
    Lease lease = new Lease(follow.token(), core.applier.nowMillis() + leaseMillis);
    followers.put(from, lease);
    report(from, lease);
  }

  /** The replica moved. */
  void advanced() {
    if (!followers.isEmpty() && !pending) {
      pending = true;
      core.applier.execute(this::reportToAll);
    }
  }

  private void reportToAll() {
    pending = false;
    long now = core.applier.nowMillis();
    followers.values().removeIf(lease -> now > lease.untilMillis());
    followers.forEach(this::report);
  }

  private void report(Origin to, Lease lease) {
    Replica held = core.memory.replica();
    boolean holds = core.isReady() || core.phase == Phase.CATCHING_UP;
    PeerMessage.Report report =
        held == null || !holds
            ? new PeerMessage.Report(lease.token(), EpochId.NONE, NO_MEMORY)
            : new PeerMessage.Report(lease.token(), held.epoch(), held.position());
    core.transport.peers().send(to, report.encode());
  }
}
