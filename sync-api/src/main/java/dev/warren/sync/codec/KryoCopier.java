// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.Serializable;
import java.lang.invoke.VarHandle;
import java.lang.ref.SoftReference;
import java.util.Set;

/**
 * Copies keys and values in memory, for caches that store by value. Immutable objects are returned
 * as they are. Every class is allowed: nothing comes from outside. Thread-safe.
 */
public final class KryoCopier {

  private final ClassLoader loader;
  private final Set<Class<?>> shared;

  /* They refer to classes of the user, which may be of a loader that this copier outlives. */
  private volatile SoftReference<CopyPlans> plans;

  /**
   * A copier.
   *
   * @param loader of the classes that are copied
   * @param immutableTypes more classes whose instances are shared instead of copied
   */
  public KryoCopier(ClassLoader loader, Class<?>... immutableTypes) {
    KryoSettings.apply();
    this.loader = loader;
    this.shared = Set.of(immutableTypes);
    this.plans = new SoftReference<>(new CopyPlans(loader, shared));
  }

  /**
   * Copies an object with everything it refers to.
   *
   * @throws CodecException if it, or something it refers to, cannot be copied
   */
  public <T> T copy(T object) {
    Class<?> type = object.getClass();
    if (type == String.class || type == Long.class || type == Integer.class) { // most frequent
      return object;
    }
    if (object instanceof byte[] bytes) {
      @SuppressWarnings("unchecked")
      T copy = (T) bytes.clone();
      return copy;
    }
    if (type == Object.class) {
      throw CodecException.unsuitable(
          type, "all there is to one is its identity, which a copy does not have");
    }
    CopyPlans known = plans();
    try {
      CopyPlan plan = known.of(type);
      return plan == CopyPlan.SHARED ? object : copy(new CopyGraph(known), plan, object);
    } catch (RuntimeException | StackOverflowError e) {
      return copyWhole(object, e);
    }
  }

  @SuppressWarnings("unchecked") // a copy is of the original's class
  private static <T> T copy(CopyGraph graph, CopyPlan plan, T object) {
    Object copy = graph.copy(plan, object);
    graph.end();
    VarHandle
        .storeStoreFence(); // as after a constructor: final fields are seen, however it is passed
    // on
    return (T) copy;
  }

  private CopyPlans plans() {
    CopyPlans known = plans.get();
    if (known == null) {
      known = new CopyPlans(loader, shared);
      plans = new SoftReference<>(known);
    }
    return known;
  }

  /* Cycles that only Java serialization can tie again. */
  private static <T> T copyWhole(T object, Throwable cause) {
    if (CycleException.canBeTied(cause) && object instanceof Serializable) {
      try {
        ShellWriter.Shell shell = ShellWriter.write(object, o -> false, name -> {});
        @SuppressWarnings("unchecked")
        T copy = (T) ShellReader.read(shell, new Object[0]);
        return copy;
      } catch (RuntimeException | StackOverflowError e) {
        // the cycle is what the user can do something about
      }
    }
    throw CodecException.of(
        cause,
        CodecException.Reason.UNSUITABLE_TYPE,
        "Class " + object.getClass().getName() + " cannot be copied");
  }
}
