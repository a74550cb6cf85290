// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One change of one entry. Key and values are stored instances: who hands them out copies them.
 *
 * @param value the new value; for REMOVED and EXPIRED the value that went
 * @param oldValue the value before; null for CREATED
 * @param remote true if another node made the change
 * @param origin of the node that made it, as text; empty for this one
 * @param position in the log; {@link #NOWHERE} if this node made the change
 */
public record EntryChange<K, V>(
    EventType type,
    K key,
    V value,
    @Nullable V oldValue,
    boolean remote,
    String origin,
    long position) {

  /** Position of a change that is told before it stands in the log, or never stands there. */
  static final long NOWHERE = -1;

  /** A change of which no place in the log is known. */
  public EntryChange(EventType type, K key, V value, @Nullable V oldValue, boolean remote) {
    this(type, key, value, oldValue, remote, "", NOWHERE);
  }

  static <K, V> EntryChange<K, V> created(K key, V value) {
    return new EntryChange<>(EventType.CREATED, key, value, null, false);
  }

  static <K, V> EntryChange<K, V> updated(K key, V value, V oldValue) {
    return new EntryChange<>(EventType.UPDATED, key, value, oldValue, false);
  }

  static <K, V> EntryChange<K, V> removed(K key, V oldValue) {
    return new EntryChange<>(EventType.REMOVED, key, oldValue, oldValue, false);
  }

  /** Another node's change took the value away here. */
  public static <K, V> EntryChange<K, V> dropped(K key, V oldValue) {
    return new EntryChange<>(EventType.REMOVED, key, oldValue, oldValue, true);
  }

  static <K, V> EntryChange<K, V> expired(K key, V oldValue) {
    return new EntryChange<>(EventType.EXPIRED, key, oldValue, oldValue, false);
  }
}
