// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objenesis.instantiator.ObjectInstantiator;

/**
 * Copies objects field by field: first those whose declared type says that they are shared, then
 * the others in their order.
 *
 * <p>The first step is one method handle (some more if there are very many fields), composed of a
 * getter and a setter for each shared field, and of a getter for each other one, whose values it
 * puts into an array. Once called often, the JVM compiles such a composition as if it had been
 * written for the class, final fields included, without the fences that reflection has for these.
 * No class is generated here: what the JVM makes of a handle goes when the handle goes.
 *
 * <p>The second step copies the values and sets the fields one by one, outside of handles: each
 * object within another one then costs little of the stack, which bounds how deep graphs may be.
 *
 * <p>To compose handles takes milliseconds, so the first objects of a class are copied by
 * reflection.
 */
final class FieldsPlan implements CopyPlan {

  private static final int BY_REFLECTION = 100;

  /* As much as the JVM compiles as one. */
  private static final int FIELDS_OF_A_HANDLE = 32;

  private static final @Nullable Object[] NO_VALUES = {};
  private static final MethodHandle PUT = MethodHandles.arrayElementSetter(Object[].class);

  /**
   * What was composed.
   *
   * @param gather of an original, its copy and an array for the values of the open fields
   * @param set of a copy and a value, for each open field
   */
  private record Handles(MethodHandle[] gather, MethodHandle[] set) {

    /* The values of the open fields. */
    @Nullable Object[] gather(Object original, Object copy) throws Throwable {
      @Nullable Object[] values = set.length == 0 ? NO_VALUES : new @Nullable Object[set.length];
      for (MethodHandle some : gather) {
        some.invokeExact(original, copy, values);
      }
      return values;
    }
  }

  /** Remembers the first class that was found in a field: often it is the only one. */
  private static final class Place {
    private @Nullable Known first;

    private record Known(Class<?> type, CopyPlan plan) {}

    private CopyPlan planOf(CopyGraph graph, Class<?> type) {
      Known known = first;
      if (known == null) {
        known = new Known(type, graph.planOf(type));
        first = known;
      }
      return known.type == type ? known.plan : graph.planOf(type);
    }
  }

  private final Class<?> type;
  private final List<Field> shared = new ArrayList<>();
  private final List<Field> open = new ArrayList<>();
  private final Place[] places;
  private final ObjectInstantiator<?> instantiator;
  private final boolean beginsEmpty;

  private int seen;
  private volatile @Nullable Handles handles;

  /**
   * @param fields of the class, made accessible
   */
  FieldsPlan(Class<?> type, Field[] fields) {
    this.type = type;
    for (Field field : fields) {
      Class<?> declared = field.getType();
      boolean same =
          declared.isPrimitive()
              || (Modifier.isFinal(declared.getModifiers()) && Immutables.contains(declared));
      (same ? shared : open).add(field);
    }
    places = new Place[open.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = new Place();
    }
    instantiator = new Instantiators().newInstantiatorOf(type);
    beginsEmpty = Instantiators.runsNoConstructor(type);
  }

  @Override
  public Object copy(CopyGraph graph, Object original) {
    Object copy = instantiator.newInstance();
    graph.note(original, copy);
    try {
      Handles by = handles;
      if (by == null) {
        if (seen++ < BY_REFLECTION) {
          copyByReflection(graph, original, copy);
          return copy;
        }
        by = compose();
      }
      @Nullable Object[] values = by.gather(original, copy);
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        if (value != null) {
          value = graph.copy(places[i].planOf(graph, value.getClass()), value);
        } else if (beginsEmpty) {
          continue;
        }
        by.set[i].invokeExact(copy, value);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new KryoException("fields of " + type, e);
    }
    return copy;
  }

  private void copyByReflection(CopyGraph graph, Object original, Object copy)
      throws IllegalAccessException {
    for (Field field : shared) {
      field.set(copy, field.get(original));
    }
    for (Field field : open) {
      field.set(copy, graph.copy(field.get(original)));
    }
  }

  /* Some threads may do so at once: their handles do the same. */
  private Handles compose() throws IllegalAccessException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    List<MethodHandle> steps = new ArrayList<>();
    for (Field field : shared) {
      MethodHandle get = ofThisType(lookup.unreflectGetter(field));
      MethodHandle set = ofThisType(lookup.unreflectSetter(field));
      MethodHandle step = MethodHandles.collectArguments(set, 1, get);
      steps.add(MethodHandles.permuteArguments(step, stepType(), 1, 0));
    }
    MethodHandle[] set = new MethodHandle[open.size()];
    for (int i = 0; i < set.length; i++) {
      MethodHandle get = lookup.unreflectGetter(open.get(i));
      get = get.asType(MethodType.methodType(Object.class, type));
      MethodHandle put = MethodHandles.insertArguments(PUT, 1, i);
      MethodHandle step = MethodHandles.collectArguments(put, 1, get);
      steps.add(MethodHandles.permuteArguments(step, stepType(), 2, 0));
      set[i] =
          lookup
              .unreflectSetter(open.get(i))
              .asType(MethodType.methodType(void.class, Object.class, Object.class));
    }
    List<MethodHandle> gather = new ArrayList<>();
    for (int i = 0; i < steps.size(); i += FIELDS_OF_A_HANDLE) {
      List<MethodHandle> some = steps.subList(i, Math.min(i + FIELDS_OF_A_HANDLE, steps.size()));
      gather.add(
          inTurn(some)
              .asType(
                  stepType()
                      .changeParameterType(0, Object.class)
                      .changeParameterType(1, Object.class)));
    }
    Handles composed = new Handles(gather.toArray(MethodHandle[]::new), set);
    handles = composed;
    return composed;
  }

  /* A field may be that of a superclass. */
  private MethodHandle ofThisType(MethodHandle access) {
    return access.asType(access.type().changeParameterType(0, type));
  }

  private MethodType stepType() {
    return MethodType.methodType(void.class, type, type, Object[].class);
  }

  /* Halved again and again: a row of them would be as deep as it is long. */
  private static MethodHandle inTurn(List<MethodHandle> steps) {
    int half = steps.size() / 2;
    return half == 0
        ? steps.get(0)
        : MethodHandles.foldArguments(
            inTurn(steps.subList(half, steps.size())), inTurn(steps.subList(0, half)));
  }
}
