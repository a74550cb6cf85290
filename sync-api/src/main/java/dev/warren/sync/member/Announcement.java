// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Event;
import dev.warren.sync.replica.OpenCache;

/** One cache that a member has open, from {@link WarrenMember#open} to its end. */
public final class Announcement {

  /** Told on the applier thread what the log decided. */
  public interface Listener {
    /** Its mode stands; told each time that the log says so. */
    void opened();

    /**
     * Others have it open in another mode: what the cache wrote is given up, and so is what it
     * still will.
     */
    void refused(OpenCache standing);
  }

  final String cache;
  final String mode;
  final Listener listener;

  /** Said when it is closed. */
  final Event.Closed closing;

  /** An {@code Opened} is under way. */
  boolean pending;

  boolean refused;
  boolean closed;

  Announcement(String cache, String mode, Listener listener) {
    this.cache = cache;
    this.mode = mode;
    this.listener = listener;
    this.closing = new Event.Closed(cache);
  }
}
