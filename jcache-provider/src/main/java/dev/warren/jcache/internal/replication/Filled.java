// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.Store;
import dev.warren.sync.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A loaded value that this node shows before the log has decided on it. It may lie above an own
 * write that the log has not brought back yet, which shows again if this ends first.
 */
final class Filled<V> extends Shown<V> {

  final Store.Watch watch;
  final Bytes keyBytes;
  final byte[] valueBytes;

  /** How often the log has refused it; the applier's. */
  int refusals;

  /** What it lies above; guarded by the overlay's step for its key. */
  private @Nullable Shown<V> under;

  /**
   * @param watch noted whether the key was changed since the load began
   */
  Filled(V value, long expiryMillis, Store.Watch watch, Bytes keyBytes, byte[] valueBytes) {
    super(value, expiryMillis);
    this.watch = watch;
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
  }

  /** In the overlay's step for its key. */
  Filled<V> above(@Nullable Shown<V> current) {
    under = current instanceof Filled<V> earlier ? earlier.under : current;
    return this;
  }

  /** In the overlay's step for its key. */
  @Nullable Shown<V> under() {
    return under;
  }

  /** {@code ended} has ended and must not show again; in the overlay's step for its key. */
  @SuppressWarnings("ReferenceEquality") // exactly that write
  Filled<V> without(Shown<V> ended) {
    if (under == ended) {
      under = null;
    }
    return this;
  }
}
