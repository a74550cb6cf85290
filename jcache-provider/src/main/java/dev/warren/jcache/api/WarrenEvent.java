// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

/** What a Warren event tells beyond JCache; by {@code event.unwrap(WarrenEvent.class)}. */
public interface WarrenEvent {

  /** True if another node made the change. */
  boolean isRemote();

  /**
   * The origin of the node that made the change, as {@link ClusterMember#origin} names it; empty if
   * it is this one, or if it is not known.
   */
  String origin();

  /**
   * The position of the change in the log; -1 if this node made the change and tells it before it
   * stands there, and for local caches.
   */
  long position();
}
