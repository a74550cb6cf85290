// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Copies through Java serialization. The bytes never leave the method, so that nothing is read that
 * this JVM has not just written.
 */
public final class JavaSerializationCopy implements UnaryOperator<Object> {
  private final ClassLoader classLoader;

  /**
   * @param classLoader resolves the classes that the copied object's own loader does not know
   */
  public JavaSerializationCopy(ClassLoader classLoader) {
    this.classLoader = classLoader;
  }

  @Override
  public Object apply(Object value) {
    if (!(value instanceof Serializable)) {
      throw notCopied(value, "it is not java.io.Serializable", null);
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      try (Input in =
          new Input(
              new ByteArrayInputStream(bytes.toByteArray()),
              value.getClass().getClassLoader(),
              classLoader)) {
        return in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw notCopied(value, "Java serialization failed", e);
    }
  }

  private static CacheException notCopied(Object value, String why, @Nullable Exception cause) {
    return new CacheException(
        "a cache that stores by value must be able to copy its keys and values, but "
            + value.getClass().getName()
            + " cannot be copied: "
            + why
            + "; make the class and its fields Serializable, or call setStoreByValue(false)",
        cause);
  }

  /** Looks classes up in the value's own loader first, then in the manager's. */
  private static final class Input extends ObjectInputStream {
    private final @Nullable ClassLoader own;
    private final ClassLoader manager;

    Input(InputStream in, @Nullable ClassLoader own, ClassLoader manager) throws IOException {
      super(in);
      this.own = own;
      this.manager = manager;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      if (own != null) {
        try {
          return Class.forName(description.getName(), false, own);
        } catch (ClassNotFoundException e) {
          // the manager's loader may know it
        }
      }
      try {
        return Class.forName(description.getName(), false, manager);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description); // knows primitive types
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
      Class<?>[] interfaces = new Class<?>[names.length];
      for (int i = 0; i < names.length; i++) {
        interfaces[i] = Class.forName(names[i], false, manager);
      }
      return Proxy.newProxyInstance(manager, interfaces, (proxy, method, args) -> null).getClass();
    }
  }
}
