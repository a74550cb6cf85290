// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Replica;
import java.util.HashMap;
import java.util.Map;

/**
 * Heartbeats, and suspicion of members that send none (rule F1). A member's silence is measured by
 * the own clock from the moment at which its last sign was applied here; the {@code Suspect} names
 * that sign, so that a later one already in the log wins. On the applier thread.
 */
final class Membership {

  private final MemberCore core;
  private final Outbox outbox;
  private final Origin self;
  private final long memberTimeoutMillis;
  private final Map<Origin, Sign> signs = new HashMap<>();
  private boolean heartbeatWaits;

  private record Sign(long position, long heardMillis, boolean suspected) {}

  Membership(MemberCore core, MemberSettings settings) {
    this.core = core;
    this.outbox = core.outbox;
    this.self = core.self;
    this.memberTimeoutMillis = settings.memberTimeout().toMillis();
  }

  /** Once per heartbeat interval, while connected and in the view. */
  void tick(Replica replica, boolean ready, long nowMillis) {
    if (!heartbeatWaits) {
      heartbeatWaits = true;
      outbox.offerControl(
          new Event.Heartbeat(replica.position(), replica.count(), replica.sum()),
          fate -> heartbeatEnded(replica, fate));
      core.meter.heartbeatSent(replica, nowMillis);
    }
    boolean maySuspect = ready || replica.view().values().stream().noneMatch(Member::ready);
    signs.keySet().retainAll(replica.view().keySet());
    replica
        .view()
        .forEach(
            (origin, member) -> {
              Sign sign = signs.get(origin);
              if (sign == null || sign.position() != member.lastHeartbeat()) {
                signs.put(origin, new Sign(member.lastHeartbeat(), nowMillis, false));
              } else if (maySuspect
                  && !sign.suspected()
                  && !origin.equals(self)
                  && nowMillis - sign.heardMillis() > memberTimeoutMillis) {
                signs.put(origin, new Sign(sign.position(), sign.heardMillis(), true));
                outbox.offerControl(
                    new Event.Suspect(origin, sign.position()), OwnEvent.UNATTENDED);
              }
            });
  }

  private void heartbeatEnded(Replica replica, OwnEvent.Fate fate) {
    heartbeatWaits = false;
    if (fate == OwnEvent.Fate.EFFECTIVE) {
      core.meter.heartbeatApplied(replica, core.applier.nowMillis());
    }
  }

  /** Silence is measured anew: after a pause of the connection nobody was to be heard. */
  void restart() {
    signs.clear();
  }
}
