// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.time.Duration;

/**
 * The one serial thread on which a member lives. Everything in this package that is not said to be
 * thread-safe runs on it; the simulation puts virtual time in its place.
 */
public interface Applier {

  /** Runs {@code task} after all tasks handed in before. Thread-safe; after the end a no-op. */
  void execute(Runnable task);

  /** Runs {@code task} on the applier after {@code delay}. Thread-safe. */
  void schedule(Duration delay, Runnable task);

  /** Milliseconds of a clock that is never set: only differences mean something. */
  long nowMillis();
}
