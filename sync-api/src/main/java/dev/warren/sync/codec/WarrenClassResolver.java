// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for each class that is written or read, whether it may be.
 *
 * <p>For keys equal objects must give equal bytes, so every class on the way is checked: hash
 * tables iterate in any order, arrays and classes without {@code equals} are never equal, Java
 * streams depend on shared references. The JDK's lists are all written as {@link ArrayList}.
 */
@SuppressWarnings("rawtypes")
final class WarrenClassResolver extends DefaultClassResolver {

  private final AllowedTypes allowed;
  private final ClassLoader loader;
  private final boolean keys;
  private final Map<String, Class<?>> loaded = new HashMap<>();

  WarrenClassResolver(AllowedTypes allowed, ClassLoader loader, boolean keys) {
    this.allowed = allowed;
    this.loader = loader;
    this.keys = keys;
  }

  @Override
  public Registration registerImplicit(Class type) {
    if (!JdkTypes.isLambdaOrProxy(type)) { // else the Java stream says what it is
      allowed.check(JdkTypes.withoutBody(type).getName());
    }
    return super.registerImplicit(type);
  }

  @Override
  protected Class<?> getTypeByName(String name) {
    Class<?> known = loaded.get(name);
    if (known != null) {
      return known;
    }
    allowed.check(name);
    try {
      Class<?> type = Class.forName(name, false, loader);
      loaded.put(name, type);
      return type;
    } catch (ClassNotFoundException | LinkageError e) {
      throw missing(name, e);
    }
  }

  /* What is written is the class that a reader makes: not a constant's body, nor a view. */
  @Override
  public @Nullable Registration writeClass(Output output, @Nullable Class type) {
    if (type == null) {
      return super.writeClass(output, null);
    }
    Class<?> plain = JdkTypes.plainOf(type);
    Class<?> written = plain == null ? JdkTypes.withoutBody(type) : plain;
    if (keys) {
      if (List.class.isAssignableFrom(type) && JdkTypes.isJdk(type)) {
        written = ArrayList.class;
      } else {
        checkKey(type);
      }
    }
    Registration registration = kryo.getRegistration(written);
    if (!LateSerializer.isJavaStream(registration.getSerializer())) {
      return super.writeClass(output, written);
    }
    if (keys) {
      throw unsuitable(type, "it defines its own Java serialization");
    }
    super.writeClass(output, JavaStreamed.class);
    return registration;
  }

  static CodecException missing(String name, Throwable cause) {
    return new CodecException(
        CodecException.Reason.MISSING_CLASS,
        "Class "
            + name
            + " is named in a cached key or value but missing on the class path of this node:"
            + " deploy it (warren.serialization.allow only says what may be read)",
        cause);
  }

  private static void checkKey(Class<?> type) {
    boolean unordered =
        (Map.class.isAssignableFrom(type)
                && !SortedMap.class.isAssignableFrom(type)
                && type != EnumMap.class)
            || (Set.class.isAssignableFrom(type)
                && !SortedSet.class.isAssignableFrom(type)
                && !EnumSet.class.isAssignableFrom(type));
    if (unordered) {
      throw unsuitable(type, "equal instances iterate in different orders");
    }
    if (type.isArray()) {
      throw unsuitable(type, "equal arrays are different keys");
    }
    if (!type.isPrimitive() && !overridesEquals(type)) {
      throw unsuitable(type, "it does not override equals and hashCode");
    }
  }

  private static boolean overridesEquals(Class<?> type) {
    try {
      return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class
          && type.getMethod("hashCode").getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static CodecException unsuitable(Class<?> type, String why) {
    return new CodecException(
        CodecException.Reason.UNSUITABLE_TYPE,
        "Class "
            + type.getTypeName()
            + " cannot be (part of) a key: "
            + why
            + "; use a record, a String, a number or a sorted collection",
        null);
  }
}
