// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Looks at objects from all sides, so that two can be told apart by anything observable. */
final class Fidelity {

  private Fidelity() {}

  static Object javaCopy(Object object) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(object)))) {
      return in.readObject();
    }
  }

  private static byte[] bytes(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  /**
   * What Java serialization writes of an object: every class, field, element, capacity and shared
   * reference, of the JDK's closed classes too.
   */
  static String javaForm(Object object) throws IOException {
    return Base64.getEncoder().encodeToString(bytes(object));
  }

  /** All that Java serialization reaches from an object and that is not immutable. */
  static Set<Object> mutablePartsOf(Object root) throws IOException {
    Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
    class Walk extends ObjectOutputStream {
      Walk() throws IOException {
        super(OutputStream.nullOutputStream());
        enableReplaceObject(true);
      }

      @Override
      protected Object replaceObject(Object object) {
        if (!Immutables.contains(object.getClass()) && !isFixed(object)) {
          found.add(object);
        }
        return object;
      }
    }
    try (Walk walk = new Walk()) {
      walk.writeObject(root);
    }
    return found;
  }

  /* What cannot change but in its contents, which are looked at by themselves. */
  private static boolean isFixed(Object object) {
    return object.getClass().isRecord()
        || object.getClass().getName().startsWith("java.util.ImmutableCollections$");
  }

  /** Classes, fields, elements in order, and which objects are the same, as text. */
  static String describe(@Nullable Object object) {
    StringBuilder text = new StringBuilder();
    describe(object, text, new IdentityHashMap<>());
    return text.toString();
  }

  private static void describe(
      @Nullable Object object, StringBuilder text, Map<Object, Integer> seen) {
    if (object == null || object instanceof String || (object instanceof Number n && isBoxed(n))) {
      text.append(object).append(' ');
      return;
    }
    Class<?> type = object.getClass();
    String name = type.isHidden() ? "lambda" : Proxy.isProxyClass(type) ? "proxy" : type.getName();
    text.append(name);
    if (!Immutables.contains(type)) {
      Integer known = seen.putIfAbsent(object, seen.size());
      if (known != null) {
        text.append('#').append(known).append(' ');
        return;
      }
    }
    text.append('(');
    if (type.isArray()) {
      for (int i = 0; i < Array.getLength(object); i++) {
        describe(Array.get(object, i), text, seen);
      }
    } else if (isTestType(type)) {
      describeFields(object, text, seen);
    } else if (type.getName().matches("java.util.ImmutableCollections.(SetN|MapN)")) {
      describeUnordered(object, text, seen);
    } else if (object instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            describe(key, text, seen);
            describe(value, text, seen);
          });
    } else if (object instanceof Collection<?> collection) {
      collection.forEach(element -> describe(element, text, seen));
    } else if (object instanceof Optional<?> optional) {
      describe(optional.orElse(null), text, seen);
    } else if (object instanceof AtomicReference<?> reference) {
      describe(reference.get(), text, seen);
    } else if (object instanceof Throwable thrown) {
      describe(thrown.getMessage(), text, seen);
      text.append(Arrays.toString(thrown.getStackTrace()));
      describe(thrown.getCause(), text, seen);
      describe(thrown.getSuppressed(), text, seen);
    } else if (type != Object.class && !type.isHidden()) {
      text.append(object.toString().replace(identity(object), ""));
    }
    text.append(") ");
  }

  /* What Object.toString ends with, as that of java.util.CollSer, which some cycles leave behind. */
  private static String identity(Object object) {
    return '@' + Integer.toHexString(System.identityHashCode(object));
  }

  /* In an order that differs from one start of a JVM to the next. */
  private static void describeUnordered(
      Object object, StringBuilder text, Map<Object, Integer> seen) {
    Collection<?> elements = object instanceof Map<?, ?> m ? m.entrySet() : (Collection<?>) object;
    elements.stream()
        .map(
            element -> {
              StringBuilder one = new StringBuilder();
              if (element instanceof Map.Entry<?, ?> entry) {
                describe(entry.getKey(), one, seen);
                describe(entry.getValue(), one, seen);
              } else {
                describe(element, one, seen);
              }
              return one.toString();
            })
        .sorted()
        .forEach(text::append);
  }

  private static boolean isBoxed(Number number) {
    return number.getClass().getPackageName().equals("java.lang");
  }

  private static boolean isTestType(Class<?> type) {
    return type.getPackageName().equals(Fidelity.class.getPackageName())
        && !type.isHidden()
        && !Enum.class.isAssignableFrom(type)
        && !Collection.class.isAssignableFrom(type)
        && !Map.class.isAssignableFrom(type)
        && !Throwable.class.isAssignableFrom(type);
  }

  private static void describeFields(Object object, StringBuilder text, Map<Object, Integer> seen) {
    for (Class<?> c = object.getClass(); c != null && isTestType(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          try {
            field.setAccessible(true);
            text.append(field.getName()).append('=');
            describe(field.get(object), text, seen);
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }

  /** Changes whatever lets itself be changed. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static void spoil(Object object) {
    spoil(object, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  @SuppressWarnings({"unchecked", "rawtypes", "JavaUtilDate"})
  private static void spoil(@Nullable Object object, Set<Object> seen) {
    if (object == null || Immutables.contains(object.getClass()) || !seen.add(object)) {
      return;
    }
    if (object.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(object); i++) {
        spoil(Array.get(object, i), seen);
        Class<?> component = object.getClass().getComponentType();
        Array.set(
            object,
            i,
            component.isPrimitive() ? Array.get(Array.newInstance(component, 1), 0) : null);
      }
    } else if (object instanceof Collection collection) {
      spoilAll(collection, seen);
      attempt(collection::clear);
    } else if (object instanceof Map map) {
      spoilAll(map.keySet(), seen);
      spoilAll(map.values(), seen);
      attempt(map::clear);
    } else if (object instanceof java.util.Date date) {
      date.setTime(12_345);
    } else if (object instanceof java.util.Calendar calendar) {
      calendar.clear();
    } else if (object instanceof StringBuilder text) {
      text.setLength(0);
    } else if (object instanceof java.util.BitSet bits) {
      bits.clear();
    } else if (object instanceof AtomicReference reference) {
      spoil(reference.getAndSet(null), seen);
    } else if (object instanceof Optional<?> optional) {
      spoil(optional.orElse(null), seen);
    } else if (isTestType(object.getClass()) && !object.getClass().isRecord()) {
      spoilFields(object, seen);
    }
  }

  /* A collection may be reached again from its elements. */
  private static void spoilAll(Collection<?> elements, Set<Object> seen) {
    for (Object element : elements.toArray()) {
      spoil(element, seen);
    }
  }

  private static void spoilFields(Object object, Set<Object> seen) {
    for (Class<?> c = object.getClass(); isTestType(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          try {
            field.setAccessible(true);
            spoil(field.get(object), seen);
            if (!field.getType().isPrimitive() && !field.isSynthetic()) {
              field.set(object, null);
            }
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }

  private static void attempt(Runnable change) {
    try {
      change.run();
    } catch (UnsupportedOperationException e) {
      // as the original
    }
  }

  static boolean isSerializable(Object object) {
    try {
      return object instanceof Serializable && bytes(object).length > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
