// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoCopyable;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.util.Pool;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plans of the classes that one copier met, and what it lends to copies. A plan is the class's
 * serializer itself where that needs no Kryo to copy, so both know a class the same way. Refers to
 * the classes of the user: whoever keeps it long does so by a soft reference.
 */
final class CopyPlans {

  private static final int POOLED = 64;

  private final Map<Class<?>, CopyPlan> plans = new ConcurrentHashMap<>();
  private final Set<Class<?>> shared;
  private final Pool<Kryo> pool;

  CopyPlans(ClassLoader loader, Set<Class<?>> shared) {
    this.shared = shared;
    pool =
        new Pool<>(true, true, POOLED) {
          @Override
          protected Kryo create() {
            return WarrenKryo.copier(loader, shared);
          }
        };
  }

  /**
   * @throws CodecException if objects of this class cannot be copied
   */
  CopyPlan of(Class<?> type) {
    CopyPlan known = plans.get(type);
    return known == null ? make(type) : known;
  }

  private CopyPlan make(Class<?> type) {
    CopyPlan plan = choose(type);
    plans.put(type, plan);
    return plan;
  }

  private CopyPlan choose(Class<?> type) {
    if (Immutables.contains(type) || shared.contains(type)) {
      return CopyPlan.SHARED;
    }
    WarrenKryo kryo = obtain();
    Serializer<?> serializer = kryo.getSerializer(type);
    free(kryo);
    if (!KryoCopyable.class.isAssignableFrom(type)) {
      if (serializer instanceof FieldsSerializer fields) {
        return fields.plan();
      }
      if (serializer instanceof CopyPlan plan) {
        return plan;
      }
    }
    return (graph, original) -> graph.kryo().copyAlone(original);
  }

  WarrenKryo obtain() {
    return (WarrenKryo) pool.obtain();
  }

  void free(WarrenKryo kryo) {
    pool.free(kryo);
  }
}
