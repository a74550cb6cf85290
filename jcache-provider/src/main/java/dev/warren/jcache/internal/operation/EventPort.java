// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.Nullable;

/** Where operations, and whoever changes entries without one, hand on what listeners must hear. */
public interface EventPort<K, V> {

  /**
   * Takes a change's place among the changes of its key; called under the key's lock, must not call
   * foreign code.
   *
   * @return runs the listeners, and returns when the synchronous ones are done; to be run once,
   *     after the lock was released; null if nobody listens
   */
  @Nullable Runnable queue(EntryChange<K, V> change);

  /**
   * As {@link #queue} for a change that no caller waits for (it came from another node): listeners
   * run on the port's own thread.
   */
  void publish(EntryChange<K, V> change);

  /** True if so many changes wait for listeners that those which can wait should. */
  default boolean isBehind() {
    return false;
  }

  /** False if nobody listens, so that nothing needs to be published. */
  boolean isHeard();
}
