// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One copy that is being made: what became of each object so far, so that shared ones stay shared
 * and cycles end.
 *
 * <p>Most graphs are small. The first {@value #LINEAR} objects stand in a row and are compared with
 * one by one, which is faster than asking for identity hash codes, above all for an object that
 * never had one: the JVM must make one and write it to its header. Larger graphs are hashed, in the
 * same array: original and copy side by side, the next free place is taken.
 *
 * <p>A class without a plan of its own is left to Kryo, lent by the copier from the first such
 * object to the end of this graph; Kryo comes back here for the objects within.
 */
final class CopyGraph {

  private static final int LINEAR = 16;
  private static final int FIRST = 8;

  private final CopyPlans plans;
  private @Nullable Object[] pairs = new @Nullable Object[2 * FIRST];
  private int size;
  private @Nullable WarrenKryo kryo;
  private boolean shallow;

  CopyGraph(CopyPlans plans) {
    this.plans = plans;
  }

  /** The copy of an object that may have been met before, or itself if it is shared. */
  @Nullable Object copy(@Nullable Object object) {
    if (object == null || shallow) {
      return object;
    }
    CopyPlan plan = planOf(object.getClass());
    if (plan == CopyPlan.SHARED) {
      return object;
    }
    Object known = find(object);
    return known == null ? plan.copy(this, object) : known; // few frames: graphs may be deep
  }

  CopyPlan planOf(Class<?> type) {
    return type == String.class || type == Integer.class || type == Long.class // most frequent
        ? CopyPlan.SHARED
        : plans.of(type);
  }

  /** As {@link #copy(Object)}, by a plan that is known. */
  Object copy(CopyPlan plan, Object object) {
    Object known = shallow || plan == CopyPlan.SHARED ? object : find(object);
    return known == null ? plan.copy(this, object) : known;
  }

  /** The copy of an object, even if objects within others are shared now. */
  Object made(CopyPlan plan, Object object) {
    Object known = find(object);
    return known == null ? plan.copy(this, object) : known;
  }

  /** Whether copies share this object with the original. */
  boolean isShared(@Nullable Object object) {
    return object == null || shallow || planOf(object.getClass()) == CopyPlan.SHARED;
  }

  /** The copies, or the very same array if nothing in it had to be copied. */
  @Nullable Object[] copyAll(@Nullable Object[] elements) {
    @Nullable Object[] copies = elements;
    for (int i = 0; i < elements.length; i++) {
      Object copy = copy(elements[i]);
      if (copy != elements[i] && copies == elements) {
        copies = elements.clone();
      }
      copies[i] = copy;
    }
    return copies;
  }

  private @Nullable Object find(Object original) {
    @Nullable Object[] known = pairs;
    if (size <= LINEAR) {
      for (int i = 0, end = 2 * size; i < end; i += 2) {
        if (known[i] == original) {
          return known[i + 1];
        }
      }
      return null;
    }
    return known[place(known, original) + 1];
  }

  /** Says what becomes of an object. */
  void note(Object original, Object copy) {
    int place;
    if (size < LINEAR) {
      place = 2 * size;
      if (place == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * LINEAR);
      }
    } else {
      if (size == LINEAR || 4 * size > pairs.length) { // at most half full
        hash();
      }
      place = place(pairs, original);
    }
    if (pairs[place] == null) {
      pairs[place] = original;
      size++;
    }
    pairs[place + 1] = copy;
  }

  private void hash() {
    @Nullable Object[] hashed = new @Nullable Object[Math.max(8 * LINEAR, 2 * pairs.length)];
    for (int i = 0; i < pairs.length; i += 2) {
      Object original = pairs[i];
      if (original != null) {
        int place = place(hashed, original);
        hashed[place] = original;
        hashed[place + 1] = pairs[i + 1];
      }
    }
    pairs = hashed;
  }

  /* Where an object stands, or where it would: lengths are powers of two, and some place is free. */
  private static int place(@Nullable Object[] hashed, Object original) {
    int mask = hashed.length - 2;
    int hash = System.identityHashCode(original);
    int place = ((hash ^ (hash >>> 15)) << 1) & mask;
    while (hashed[place] != null && hashed[place] != original) {
      place = (place + 2) & mask;
    }
    return place;
  }

  /**
   * Sets whether objects within others are shared now instead of copied.
   *
   * @return what was set before
   */
  boolean shallow(boolean now) {
    boolean before = shallow;
    shallow = now;
    return before;
  }

  boolean isShallow() {
    return shallow;
  }

  /** Kryo, for what it alone can copy. */
  WarrenKryo kryo() {
    WarrenKryo lent = kryo;
    if (lent == null) {
      lent = plans.obtain();
      lent.copying(this);
      kryo = lent;
    }
    return lent;
  }

  /**
   * Marks an object as made from its contents, which are copied now: see {@link GraphReferences}.
   */
  void open(Object original) {
    kryo().graph().open(original);
  }

  void close(Object original) {
    kryo().graph().close(original);
  }

  /** To be told after a copy that came about: what was lent goes back. */
  void end() {
    if (kryo != null) {
      kryo.reset();
      kryo.copying(null);
      plans.free(kryo);
    }
  }
}
