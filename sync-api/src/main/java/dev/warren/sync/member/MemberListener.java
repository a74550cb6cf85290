// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Replica;

/**
 * Follows what a member applies. Called on the applier thread; runs no user code and never blocks.
 */
public interface MemberListener {

  /** An event of a cache was applied; comes before the end of an own event is told. */
  void applied(Applied applied);

  /** A snapshot took the place of everything before; the replica may be read during the call. */
  void installed(Replica replica);

  /** The member holds the whole log state. */
  void ready(RecoveryReport report);

  /** The member can do less than before, or again more; empty when nothing is wrong. */
  void degraded(String reason);
}
