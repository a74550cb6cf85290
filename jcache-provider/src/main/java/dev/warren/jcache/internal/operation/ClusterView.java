// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.Recovery;
import java.time.Duration;
import java.util.List;

/** What a cache knows of its cluster; see {@code WarrenCache} for the meaning of each method. */
public interface ClusterView {

  /** The view of a cache that shares nothing. */
  ClusterView LOCAL =
      new ClusterView() {
        private static final Recovery NOTHING =
            new Recovery(Recovery.Source.NONE, 0, 0, Duration.ZERO);

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void awaitReady(Duration timeout) {}

        @Override
        public void barrier(Duration timeout) {}

        @Override
        public boolean acknowledges() {
          return false;
        }

        @Override
        public void acknowledge() {}

        @Override
        public boolean refusesReads() {
          return false;
        }

        @Override
        public boolean refusesChanges() {
          return false;
        }

        @Override
        public void ensureConnected(String purpose) {}

        @Override
        public long position() {
          return Digest.NONE.position();
        }

        @Override
        public List<ClusterMember> members() {
          return List.of();
        }

        @Override
        public Digest digest(Duration timeout) {
          return Digest.NONE;
        }

        @Override
        public Recovery recovery() {
          return NOTHING;
        }

        @Override
        public long undecodable() {
          return 0;
        }
      };

  boolean isReady();

  void awaitReady(Duration timeout);

  void barrier(Duration timeout);

  /** Whether operations must {@link #acknowledge} before they return. */
  boolean acknowledges();

  /**
   * Waits, as the cache's {@code write-ack} says, for what this node has written to it so far; not
   * under a key's lock.
   *
   * @throws javax.cache.CacheException if that does not come in time: the outcome is unknown
   */
  void acknowledge();

  /** Whether reads must {@link #ensureConnected} before they begin: {@code on-disconnect}. */
  boolean refusesReads();

  /** As {@link #refusesReads}, for whatever may change the cache. */
  boolean refusesChanges();

  /**
   * Refuses what the cache's {@code on-disconnect} forbids now.
   *
   * @param purpose what the caller wants with the cache, as in "to be read"
   * @throws javax.cache.CacheException if the node cannot reach its log
   */
  void ensureConnected(String purpose);

  long position();

  List<ClusterMember> members();

  Digest digest(Duration timeout);

  Recovery recovery();

  long undecodable();
}
