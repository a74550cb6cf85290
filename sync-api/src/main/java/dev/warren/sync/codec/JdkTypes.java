// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the codec and the copier must know of a class before Kryo sees it. */
final class JdkTypes {

  private static final ClassValue<Boolean> JAVA_HOOKS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return findHooks(type);
        }
      };

  private JdkTypes() {}

  /** Whether a class comes with the JDK, which keeps its fields closed to reflection. */
  static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  static boolean isLambdaOrProxy(Class<?> type) {
    return type.isHidden() || java.lang.reflect.Proxy.isProxyClass(type);
  }

  /**
   * The plain collection that stands for a view (a sub-list, a map's key set), which Java
   * serialization refuses; null for all other classes.
   */
  static @Nullable Class<?> plainOf(Class<?> type) {
    if (Modifier.isPublic(type.getModifiers())
        || Serializable.class.isAssignableFrom(type)
        || !isJdk(type)) {
      return null;
    }
    if (Map.class.isAssignableFrom(type)) {
      return SortedMap.class.isAssignableFrom(type) ? TreeMap.class : LinkedHashMap.class;
    }
    if (SortedSet.class.isAssignableFrom(type)) {
      return TreeSet.class;
    }
    if (Set.class.isAssignableFrom(type)) {
      return LinkedHashSet.class;
    }
    return Collection.class.isAssignableFrom(type) ? ArrayList.class : null;
  }

  /** Whether a class of the user, or a class it extends, takes part in its own serialization. */
  static boolean hasJavaHooks(Class<?> type) {
    return JAVA_HOOKS.get(type);
  }

  private static boolean findHooks(Class<?> type) {
    if (isJdk(type)
        || Enum.class.isAssignableFrom(type)
        || type.isArray()
        || type.isInterface()
        || !Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Externalizable.class.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      boolean replaced = declares(c, "writeReplace") || declares(c, "readResolve");
      boolean streamed =
          !type.isRecord()
              && (declares(c, "writeObject", ObjectOutputStream.class)
                  || declares(c, "readObject", ObjectInputStream.class)
                  || declares(c, "readObjectNoData")
                  || choosesFields(c));
      if (replaced || streamed || (isJdk(c) && hasState(c))) {
        return true;
      }
    }
    return false;
  }

  /* State of a class of the JDK can only be reached by Java serialization. */
  private static boolean hasState(Class<?> type) {
    return Serializable.class.isAssignableFrom(type)
        && Arrays.stream(type.getDeclaredFields())
            .map(Field::getModifiers)
            .anyMatch(m -> !Modifier.isStatic(m) && !Modifier.isTransient(m));
  }

  private static boolean choosesFields(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .anyMatch(
            f ->
                f.getName().equals("serialPersistentFields")
                    && f.getType() == ObjectStreamField[].class
                    && Modifier.isStatic(f.getModifiers()));
  }

  private static boolean declares(Class<?> type, String method, Class<?>... parameters) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            m -> m.getName().equals(method) && Arrays.equals(m.getParameterTypes(), parameters));
  }

  /** The enum of a constant that has a body of its own, else the class itself. */
  static Class<?> withoutBody(Class<?> type) {
    boolean body = Enum.class.isAssignableFrom(type) && !type.isEnum() && type != Enum.class;
    return body ? type.getSuperclass() : type;
  }

  /** The class at the bottom of an array's class. */
  static Class<?> elementOf(Class<?> array) {
    Class<?> type = array;
    while (type.isArray()) {
      type = type.getComponentType();
    }
    return type;
  }

  /** The elements as they were at one moment, whatever other threads do. */
  static List<Map.Entry<Object, Object>> entriesOf(Map<Object, Object> map) {
    List<Map.Entry<Object, Object>> entries = new ArrayList<>(map.size());
    map.forEach((key, value) -> entries.add(new java.util.AbstractMap.SimpleEntry<>(key, value)));
    return entries;
  }
}
