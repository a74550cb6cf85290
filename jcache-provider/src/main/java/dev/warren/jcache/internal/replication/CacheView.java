// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.config.OnDisconnect;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.sync.member.RecoveryReport;
import java.time.Duration;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What one shared cache knows of its cluster.
 *
 * <p><b>Connected</b> is a node from the moment at which it has found, on a connection to the
 * broker, the log that its memory belongs to, and reads it, to the end of that connection. So it is
 * not while it starts, nor while it connects again: what others wrote meanwhile is unknown to it.
 * It is while the broker takes no messages for want of memory or disk, since nobody else's changes
 * reach the log either; and while it gets its memory anew over a connection that stands.
 *
 * @param acks null if writes return at once
 */
record CacheView(
    String cache, ClusterNode node, OnDisconnect onDisconnect, @Nullable WriteAcks acks)
    implements ClusterView {

  @Override
  public boolean refusesReads() {
    return onDisconnect == OnDisconnect.FAIL;
  }

  @Override
  public boolean refusesChanges() {
    return onDisconnect != OnDisconnect.SERVE;
  }

  @Override
  public void ensureConnected(String purpose) {
    if (!node.member().isFollowing()) {
      String reason = node.reason();
      throw new CacheException(
          "WRN-0132 cache \"%s\" must reach its log to be %s (on-disconnect = %s), but its node does not%s: nothing was changed; try again when WarrenHealth says that the node is in order, or set on-disconnect = serve"
              .formatted(
                  cache,
                  purpose,
                  onDisconnect == OnDisconnect.FAIL ? "fail" : "read-only",
                  reason.isEmpty() ? "" : " (" + reason + ")"));
    }
  }

  @Override
  public boolean acknowledges() {
    return acks != null;
  }

  @Override
  public void acknowledge() {
    if (acks != null) {
      acks.await();
      String refusal = node.refusal(cache);
      if (!refusal.isEmpty()) { // the wait ended because the write was given up
        throw new CacheException(refusal);
      }
    }
  }

  @Override
  public boolean isReady() {
    return node.member().isReady();
  }

  @Override
  public void awaitReady(Duration timeout) {
    node.waits().await(node.readiness(), timeout, "the node must become ready");
  }

  @Override
  public void barrier(Duration timeout) {
    node.waits().await(node.member().barrier(), timeout, "own writes must be applied");
  }

  @Override
  public long position() {
    return node.member().standing().position();
  }

  @Override
  public List<ClusterMember> members() {
    return node.observer().members();
  }

  @Override
  public Digest digest(Duration timeout) {
    Observer observer = node.observer();
    return observer.digest(
        node.waits().await(observer.cut(cache), timeout, "the state of the cache must be copied"));
  }

  @Override
  public Recovery recovery() {
    RecoveryReport last = node.report();
    if (last == null) {
      return new Recovery(Recovery.Source.NONE, 0, 0, Duration.ZERO);
    }
    Recovery.Source source =
        switch (last.source()) {
          case MEMBER -> Recovery.Source.SIBLING;
          case DATABASE -> Recovery.Source.DATABASE;
          case LOG -> Recovery.Source.LOG;
        };
    return new Recovery(
        source,
        last.fromSource().getOrDefault(cache, 0L),
        last.fromLog().getOrDefault(cache, 0L),
        last.took());
  }

  @Override
  public long undecodable() {
    return node.undecodable(cache);
  }
}
