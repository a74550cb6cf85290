// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import dev.warren.sync.member.OwnEvent.Fate;
import dev.warren.sync.replica.OpenCache;
import dev.warren.sync.replica.Replica;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the others which caches this member has open, and in which mode (rule F3). On the applier
 * thread.
 *
 * <p>An {@code Opened} is offered when a cache is opened, connected or not, and again after each
 * {@code Join} of this member that is applied: in a new epoch, or when it was taken for dead,
 * nobody knows of it any more. The one that follows a {@code Join} goes before all that waits, and
 * what the cache writes waits for the decision ({@link Outbox}); so in each epoch nothing of a
 * cache stands in the log before an {@code Opened} of its author that had an effect.
 *
 * <p>A cache that is closed counts as open until its {@code Closed} is applied: what it wrote
 * before may still wait, and go into a new epoch.
 *
 * <p>One without effect is no refusal if no other mode stands: then this member is not in the view,
 * and will join. A member that learns that it was taken for dead holds back what its caches write
 * until it has said anew that it has them open ({@link #gone}).
 */
final class Announcements {

  private final MemberCore core;

  /** In the order in which they were opened; of one cache the last one is open, others closed. */
  private final List<Announcement> open = new ArrayList<>();

  Announcements(MemberCore core) {
    this.core = core;
  }

  Announcement open(String cache, String mode, Announcement.Listener listener) {
    Announcement made = new Announcement(cache, mode, listener);
    open.add(made);
    offer(made, false);
    return made;
  }

  void close(Announcement announced) {
    announced.closed = true;
    if (announced.refused) {
      core.outbox.readmit(announced.cache);
    } else {
      core.outbox.offerControl(announced.closing, fate -> open.remove(announced));
    }
  }

  /** An own {@code Join} was applied; before anything else is sent. */
  void joined() {
    for (Announcement each : open) {
      if (!each.pending && mayWriteStill(each)) {
        offer(each, true);
      }
    }
  }

  /**
   * A memory was installed. It may cover an own {@code Join} that was never read here, and with it
   * whatever told of open caches: so all is said anew, which changes nothing where it stands. Who
   * is not in the view joins, and says it behind that.
   */
  void installed(Replica held) {
    if (held.view().containsKey(core.self)) {
      joined();
    }
  }

  /** This member is in the view no more: what its caches write waits until it has joined again. */
  void gone() {
    for (Announcement each : open) {
      if (mayWriteStill(each)) {
        core.outbox.doubt(each.cache);
      }
    }
  }

  /** What a cache wrote goes before its {@code Closed}. */
  private boolean mayWriteStill(Announcement announced) {
    return !announced.closed || core.outbox.isWaiting(announced.closing);
  }

  private void offer(Announcement announced, boolean first) {
    announced.pending = true;
    core.outbox.announce(
        new Event.Opened(announced.cache, announced.mode), fate -> ended(announced, fate), first);
  }

  private void ended(Announcement announced, Fate fate) {
    announced.pending = false;
    Replica held = core.memory.replica();
    OpenCache standing = held == null ? null : held.open(announced.cache);
    boolean isOther = standing != null && !standing.mode().equals(announced.mode);
    boolean isOwn = standing != null && !isOther && standing.members().contains(core.self);
    if (fate == Fate.EFFECTIVE || isOwn) {
      stands(announced);
    } else if (standing != null && isOther) {
      refused(announced, standing);
    } else if (fate != Fate.INEFFECTIVE) {
      sayAnew(announced);
    } // else this member is not in the view, and will join
  }

  private void stands(Announcement announced) {
    core.outbox.opened(announced.cache);
    if (!announced.closed) {
      announced.listener.opened();
    }
  }

  private void refused(Announcement announced, OpenCache standing) {
    announced.refused = true;
    open.remove(announced);
    if (!announced.closed) {
      announced.listener.refused(standing); // first, so that it knows why its events end
    }
    core.outbox.refuse(announced.cache, !announced.closed);
  }

  /** A memory was installed that had read the {@code Opened}, and in which it counts no more. */
  private void sayAnew(Announcement announced) {
    if (mayWriteStill(announced)) {
      offer(announced, true);
    } else if (open.stream().noneMatch(o -> o != announced && o.cache.equals(announced.cache))) {
      core.outbox.opened(announced.cache);
    }
  }
}
