// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import dev.warren.jcache.internal.store.Store.Admission;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One bulk operation's turns at its keys, under the locks of all of them. */
final class KeyTurns<K, V> implements AutoCloseable {
  private final CacheContext<K, V> context;
  private final Tally tally;
  private final Map<K, KeyTurn<K, V>> turns = new HashMap<>();
  private @Nullable Admission admission;

  KeyTurns(CacheContext<K, V> context, Tally tally) {
    this.context = context;
    this.tally = tally;
  }

  CacheContext<K, V> context() {
    return context;
  }

  /** The turn at {@code key}, the same one each time. */
  KeyTurn<K, V> of(K key) {
    return turns.computeIfAbsent(
        key,
        k -> {
          KeyTurn<K, V> turn = new KeyTurn<>(context, k, tally);
          if (admission != null) {
            turn.use(admission);
          }
          return turn;
        });
  }

  /** Takes room for all changes of this operation; once, before the writer runs. */
  void admit(int mutations) {
    use(context.store().admit(mutations));
  }

  /** As {@link #admit}, for the removal of all entries of a store that is partial. */
  void admitRemovalOfAll() {
    use(context.store().admitRemovalOfAll());
  }

  private void use(Admission room) {
    admission = room;
    turns.values().forEach(turn -> turn.use(room));
  }

  @Override
  public void close() {
    turns.values().forEach(KeyTurn::unwatch);
    if (admission != null) {
      admission.close();
    }
  }
}
