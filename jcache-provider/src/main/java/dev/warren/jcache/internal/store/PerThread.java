// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One object per thread that lasts only while somebody uses it.
 *
 * <p>What a plain thread-local holds keeps its class, and with it the class loader, in memory for
 * as long as the thread lives; threads of a container outlive the application that Warren came
 * with. Here the thread holds a JDK class alone. Whoever needs the object to last keeps a reference
 * to it on the stack; an idle object may go, and is made anew.
 */
public final class PerThread<T> {
  @SuppressWarnings("ThreadLocalUsage") // this object is what stands in a static field
  private final ThreadLocal<WeakReference<T>> references = new ThreadLocal<>();

  private final Supplier<T> maker;

  public PerThread(Supplier<T> maker) {
    this.maker = maker;
  }

  /** The calling thread's object. */
  public T get() {
    WeakReference<T> reference = references.get();
    @Nullable T held = reference == null ? null : reference.get();
    if (held == null) {
      held = maker.get();
      references.set(new WeakReference<>(held));
    }
    return held;
  }
}
