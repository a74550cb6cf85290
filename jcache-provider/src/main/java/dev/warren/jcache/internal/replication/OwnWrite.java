// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.member.OwnEvent;
import org.jspecify.annotations.Nullable;

/** A write of this node on its way to the log and back: it shows until its event has ended. */
final class OwnWrite<K, V> extends Shown<V> implements OwnEvent {

  private final K key;
  private final Ends<K, V> ends;

  /** Told how a write has ended. */
  @FunctionalInterface
  interface Ends<K, V> {
    void ended(K key, OwnWrite<K, V> write, OwnEvent.Fate fate);
  }

  /** A stored value, or with null a removal. */
  OwnWrite(K key, @Nullable V value, long expiryMillis, Ends<K, V> ends) {
    super(value, expiryMillis);
    this.key = key;
    this.ends = ends;
  }

  K key() {
    return key;
  }

  @Override
  public void ended(OwnEvent.Fate fate) {
    ends.ended(key, this, fate);
  }
}
