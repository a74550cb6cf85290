// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

/** What a Warren event tells beyond JCache; by {@code event.unwrap(WarrenEvent.class)}. */
public interface WarrenEvent {

  /** True if another node made the change. */
  boolean isRemote();
}
