// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.InstantiatorStrategy;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * New objects to fill. Serializable ones as Java serialization makes them: no constructor of theirs
 * runs, only that of the first superclass which is not serializable. Others by their constructor
 * without parameters, or by none if they lack it.
 */
final class Instantiators implements InstantiatorStrategy {

  private final InstantiatorStrategy none = new StdInstantiatorStrategy();
  private final InstantiatorStrategy plain = new DefaultInstantiatorStrategy(none);

  @Override
  @SuppressWarnings("unchecked")
  public <T> ObjectInstantiator<T> newInstantiatorOf(Class<T> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return plain.newInstantiatorOf(type);
    }
    Constructor<T> constructor = (Constructor<T>) serializationConstructor(type);
    return constructor == null ? none.newInstantiatorOf(type) : () -> newInstance(constructor);
  }

  /** Whether all fields of a new object are surely as the JVM makes them: zero, false, null. */
  static boolean runsNoConstructor(Class<?> type) {
    return Serializable.class.isAssignableFrom(type) && firstNotSerializable(type) == Object.class;
  }

  private static @Nullable Class<?> firstNotSerializable(Class<?> type) {
    Class<?> first = type;
    while (first != null && Serializable.class.isAssignableFrom(first)) {
      first = first.getSuperclass();
    }
    return first;
  }

  private static <T> T newInstance(Constructor<T> constructor) {
    try {
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new KryoException("constructor " + constructor, e);
    }
  }

  /* jdk.unsupported offers serialization libraries what ObjectInputStream itself uses. */
  private static @Nullable Constructor<?> serializationConstructor(Class<?> type) {
    Class<?> first = firstNotSerializable(type);
    if (first == null || first == Object.class) {
      return null;
    }
    try {
      Constructor<?> constructor = first.getDeclaredConstructor();
      boolean samePackage =
          first.getPackageName().equals(type.getPackageName())
              && first.getClassLoader() == type.getClassLoader();
      int modifiers = constructor.getModifiers();
      boolean visible =
          Modifier.isPublic(modifiers)
              || Modifier.isProtected(modifiers)
              || (samePackage && !Modifier.isPrivate(modifiers));
      if (!visible) {
        return null;
      }
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Method make =
          factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
      return (Constructor<?>)
          make.invoke(factory.getMethod("getReflectionFactory").invoke(null), type, constructor);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
