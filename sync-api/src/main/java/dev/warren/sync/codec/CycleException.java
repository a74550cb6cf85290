// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

/**
 * An object that can only be made from its finished contents is part of these contents. Never
 * leaves the package: the whole graph is then left to Java serialization, which knows how.
 */
final class CycleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean damagedByJava;

  CycleException(Class<?> type) {
    super(
        type.getName()
            + " is part of its own contents, which only a class that can be changed after it was"
            + " made may be",
        null,
        false,
        false);
    boolean immutable = type.getName().startsWith("java.util.ImmutableCollections$");
    damagedByJava = immutable || type.isRecord();
  }

  /**
   * Whether a cycle was in the way that Java serialization ties again. In a record it leaves null
   * for it, in an immutable collection something else than the collection.
   */
  static boolean canBeTied(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof CycleException cycle) {
        return !cycle.damagedByJava;
      }
    }
    return false;
  }
}
