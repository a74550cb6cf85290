// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** What the codec and the copier must know of a class before Kryo sees it. */
final class JdkTypes {

  private static final Set<Class<?>> IMMUTABLE =
      Set.of(
          String.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          URI.class,
          Locale.class,
          Currency.class);

  private static final ClassValue<Boolean> JAVA_HOOKS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return findHooks(type);
        }
      };

  private JdkTypes() {}

  static boolean isJdk(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("sun.");
  }

  /** Whether an instance may be shared instead of copied. */
  static boolean isImmutable(Class<?> type) {
    return IMMUTABLE.contains(type)
        || type.isEnum()
        || type == Class.class
        || (type.getName().startsWith("java.time.") && !Throwable.class.isAssignableFrom(type));
  }

  /** Whether a class of the user, or a class it extends, takes part in its own serialization. */
  static boolean hasJavaHooks(Class<?> type) {
    return JAVA_HOOKS.get(type);
  }

  private static boolean findHooks(Class<?> type) {
    if (isJdk(type)
        || type.isEnum()
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
                  || declares(c, "readObject", ObjectInputStream.class));
      if (replaced || streamed) {
        return true;
      }
    }
    return false;
  }

  private static boolean declares(Class<?> type, String method, Class<?>... parameters) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            m -> m.getName().equals(method) && Arrays.equals(m.getParameterTypes(), parameters));
  }
}
