// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.member.Applier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.util.Collection;

/**
 * Has a node's bounded stores make room, four times a second, while it is ready and in order. On
 * the applier thread, but for {@link #close}.
 */
final class EvictionTurns {

  private static final Duration PERIOD = Duration.ofMillis(250);

  private final WarrenMember member;
  private final Applier applier;
  private final Collection<ClusterStore<?, ?>> stores;
  private volatile boolean closed;

  /**
   * @param stores as they are at each time
   */
  EvictionTurns(WarrenMember member, Applier applier, Collection<ClusterStore<?, ?>> stores) {
    this.member = member;
    this.applier = applier;
    this.stores = stores;
  }

  void start() {
    applier.schedule(PERIOD, this::tick);
  }

  void close() {
    closed = true;
  }

  private void tick() {
    if (closed) {
      return;
    }
    applier.schedule(PERIOD, this::tick);
    Replica replica = member.replica();
    Member own = replica == null ? null : replica.view().get(member.origin());
    if (replica == null || own == null || !own.ready() || !member.trouble().isEmpty()) {
      return;
    }
    int rank =
        (int)
            replica.view().values().stream()
                .filter(m -> m.ready() && m.joinPosition() < own.joinPosition())
                .count();
    stores.forEach(store -> store.makeRoom(rank));
  }
}
