// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Maps that last exactly as long as a class loader, although what is in them refers to it.
 *
 * <p>A {@code WeakHashMap} from loader to managers would keep both for ever, because a manager
 * knows its loader. So the loader itself holds its map: as the {@link ClassValue} of a class that
 * it defined (a proxy class, which any loader can be made to define). Here stand only weak
 * references, by which the provider finds all maps when it closes. A manager that nobody closed
 * goes with its application.
 *
 * <p>Guarded by the caller.
 */
final class LoaderScoped<K, V> {
  private final ClassValue<Map<K, V>> maps =
      new ClassValue<>() {
        @Override
        protected Map<K, V> computeValue(Class<?> anchor) {
          return new HashMap<>();
        }
      };
  private final Map<ClassLoader, WeakReference<Map<K, V>>> known = new WeakHashMap<>();

  /** The map of {@code loader}, made if there is none. */
  Map<K, V> of(ClassLoader loader) {
    Map<K, V> map = peek(loader);
    if (map == null) {
      map = maps.get(anchor(loader));
      known.put(loader, new WeakReference<>(map));
    }
    return map;
  }

  /** The map of {@code loader}; null if there is none. */
  @Nullable Map<K, V> peek(ClassLoader loader) {
    WeakReference<Map<K, V>> reference = known.get(loader);
    return reference == null ? null : reference.get();
  }

  /** Forgets the map of {@code loader}, and returns it; null if there is none. */
  @Nullable Map<K, V> remove(ClassLoader loader) {
    Map<K, V> map = peek(loader);
    if (map != null) {
      maps.remove(anchor(loader));
      known.remove(loader);
    }
    return map;
  }

  /** Forgets all, and returns what the maps held. */
  List<V> removeAll() {
    List<V> values = new ArrayList<>();
    for (ClassLoader loader : new ArrayList<>(known.keySet())) {
      Map<K, V> map = remove(loader);
      if (map != null) {
        values.addAll(map.values());
      }
    }
    return values;
  }

  /** A class of {@code loader}'s own: always the same one, and kept by the loader. */
  private static Class<?> anchor(ClassLoader loader) {
    if (loader == LoaderScoped.class.getClassLoader()) {
      return LoaderScoped.class; // as a rule; the first proxy class of a JVM takes its time
    }
    return Proxy.newProxyInstance(
            loader, new Class<?>[] {Supplier.class}, (proxy, method, arguments) -> null)
        .getClass();
  }
}
