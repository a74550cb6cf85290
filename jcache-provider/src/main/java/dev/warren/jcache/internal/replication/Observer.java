// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenMetrics.MemberMetrics;
import dev.warren.sync.Origin;
import dev.warren.sync.member.Applier;
import dev.warren.sync.member.MemberFigures;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.CacheCut;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Replica;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells where a node stands, to who asks; any thread. */
record Observer(WarrenMember member, Applier applier) {

  /** The view, in the order of joining. */
  List<ClusterMember> members() {
    return member.standing().view().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Member::joinPosition)))
        .map(e -> memberOf(e.getKey(), e.getValue()))
        .toList();
  }

  private ClusterMember memberOf(Origin origin, Member of) {
    return new ClusterMember(
        of.name(), origin.toString(), of.ready(), origin.equals(member.origin()));
  }

  /** What the member has counted and measured. */
  MemberMetrics metrics() {
    MemberFigures f = member.figures();
    return new MemberMetrics(
        member.origin().toString(),
        f.position() < 0 ? "" : f.epoch().toString(),
        f.position(),
        f.applied(),
        f.lagEvents(),
        f.lagMillis(),
        f.duplicates(),
        f.beyondNext(),
        f.otherEpoch(),
        f.refused(),
        f.resynchronisations(),
        f.lastCause() == null ? "" : f.lastCause().name(),
        f.lastTook(),
        f.outboxEvents(),
        f.outboxBytes());
  }

  /** The log state of {@code cache}, copied between two batches; empty if there is no memory. */
  CompletableFuture<Optional<CacheCut>> cut(String cache) {
    CompletableFuture<Optional<CacheCut>> done = new CompletableFuture<>();
    applier.execute(
        () -> {
          Replica replica = member.replica();
          done.complete(Optional.ofNullable(replica).map(held -> CacheCut.of(held, cache)));
        });
    return done;
  }

  /** Hashes a cut; on the caller's thread. */
  Digest digest(Optional<CacheCut> cut) {
    return cut.map(of -> new Digest(of.position(), of.epoch().toString(), of.size(), of.hash()))
        .orElse(Digest.NONE);
  }
}
