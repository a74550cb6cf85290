// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.operation.EntryChange;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.Event;
import dev.warren.sync.replica.Applied;
import java.time.InstantSource;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** Tells listeners what the log has changed of a replicated cache. */
record AppliedEvents<K, V>(EventPort<K, V> events, InstantSource clock) {

  /** Any thread. */
  boolean areHeard() {
    return events.isHeard();
  }

  /**
   * On the applier thread.
   *
   * @param own if this node is the author
   */
  void tell(
      K key,
      @Nullable StoredEntry<V> before,
      @Nullable StoredEntry<V> after,
      Applied applied,
      boolean own) {
    if (applied.event() instanceof Event.Touch) {
      return;
    }
    String origin = own ? "" : applied.origin().toString();
    V oldValue = before == null ? null : before.value();
    V value = after == null ? null : after.value();
    if (value != null) {
      boolean visible =
          before != null && oldValue != null && before.expiryMillis() > clock.millis();
      events.publish(
          new EntryChange<>(
              visible ? EventType.UPDATED : EventType.CREATED,
              key,
              value,
              visible ? oldValue : null,
              true,
              origin,
              applied.position()));
    } else if (oldValue != null && !(applied.event() instanceof Event.Evict)) {
      EventType type =
          applied.event() instanceof Event.Expire ? EventType.EXPIRED : EventType.REMOVED;
      events.publish(
          new EntryChange<>(type, key, oldValue, oldValue, !own, origin, applied.position()));
    }
  }
}
