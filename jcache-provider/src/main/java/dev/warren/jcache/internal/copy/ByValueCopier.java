// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import java.util.function.UnaryOperator;

/** Copies by value: immutable instances are shared, all others go through a strategy. */
public final class ByValueCopier implements Copier {
  private final UnaryOperator<Object> strategy;

  /**
   * @param strategy copies an object whose type is not known to be immutable; the copy has the same
   *     class
   */
  public ByValueCopier(UnaryOperator<Object> strategy) {
    this.strategy = strategy;
  }

  @Override
  public <T> T copy(T value) {
    if (ImmutableTypes.contains(value.getClass())) {
      return value;
    }
    @SuppressWarnings("unchecked") // a strategy keeps the class
    T copy = (T) strategy.apply(value);
    return copy;
  }
}
