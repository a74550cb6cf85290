// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * What an entry processor sees of its entry. Nothing changes until {@link #apply}, which carries
 * out the net effect of all the processor did:
 *
 * <pre>
 *   effect      reached by              key present                 key absent
 *   NONE        nothing, exists()       nothing                     nothing
 *   READ        getValue()              access                      create what was loaded, if any
 *   SET         setValue() last         write, update               write, create
 *   REMOVED     remove() last           delete, remove, REMOVED     delete
 *   WITHDRAWN   remove() after setting  (does not occur: REMOVED)   nothing: it was never there
 *               what was neither present nor loaded
 * </pre>
 *
 * A removed entry is not loaded again in the same run: {@code getValue} after {@code remove} is
 * null.
 */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {
  private enum Effect {
    NONE,
    READ,
    SET,
    REMOVED,
    WITHDRAWN
  }

  private final KeyTurn<K, V> turn;
  private final @Nullable V old;
  private Effect effect = Effect.NONE;
  private @Nullable V loaded;
  private @Nullable V value;

  ProcessorEntry(KeyTurn<K, V> turn, @Nullable V old) {
    this.turn = turn;
    this.old = old;
    this.value = old;
  }

  @Override
  public K getKey() {
    return turn.context().copier().copy(turn.key());
  }

  @Override
  public boolean exists() {
    return value != null;
  }

  @Override
  public @Nullable V getValue() {
    if (effect == Effect.NONE) {
      effect = Effect.READ;
      if (old == null) {
        loaded = turn.load();
        value = loaded;
      }
    }
    V current = value;
    return current == null ? null : turn.context().copier().copy(current);
  }

  @Override
  public void setValue(V newValue) {
    turn.context().check().value(newValue);
    value = turn.context().copier().copy(newValue);
    effect = Effect.SET;
  }

  @Override
  public void remove() {
    boolean onlySetHere = effect == Effect.SET && old == null && loaded == null;
    effect = onlySetHere || effect == Effect.WITHDRAWN ? Effect.WITHDRAWN : Effect.REMOVED;
    value = null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("an entry of a processor is no " + type.getName());
  }

  /** Carries out the net effect. */
  void apply() {
    switch (effect) {
      case NONE, WITHDRAWN -> {}
      case READ -> applyRead();
      case SET -> applySet(Objects.requireNonNull(value));
      case REMOVED -> applyRemove();
    }
  }

  private void applyRead() {
    if (old != null) {
      turn.accessed();
    } else if (loaded != null) {
      turn.storeLoaded(loaded);
    }
  }

  private void applySet(V last) {
    turn.write(last);
    if (turn.store(old, last)) {
      turn.tally().put();
    }
  }

  private void applyRemove() {
    turn.erase();
    if (turn.remove(old)) {
      turn.tally().removal();
    }
  }
}
