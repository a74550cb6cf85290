// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ShellWriter} wrote, and puts the leaves where they were.
 *
 * <p>Bytes from this JVM come with the classes that they name, so no loader is asked. Bytes from
 * outside may only name what {@link AllowedTypes} allows, checked by name before a class is loaded,
 * and announce no more than they can hold.
 */
final class ShellReader extends ObjectInputStream {

  private static final long MAX_DEPTH = 500;
  /* Per byte: hash tables are larger than their contents, which take several bytes an entry. */
  private static final long MAX_SLOTS_PER_BYTE = 4;

  private static final Map<String, Class<?>> PRIMITIVES =
      Stream.of(
              boolean.class,
              byte.class,
              short.class,
              char.class,
              int.class,
              long.class,
              float.class,
              double.class,
              void.class)
          .collect(Collectors.toUnmodifiableMap(Class::getName, type -> type));

  private final @Nullable Object[] leaves;
  private final @Nullable Iterator<Class<?>> classes;
  private final AllowedTypes allowed;
  private final ClassLoader loader;
  private final StreamVisits visits;
  private long slots;

  private ShellReader(
      byte[] bytes,
      @Nullable Object[] leaves,
      @Nullable Iterator<Class<?>> classes,
      AllowedTypes allowed,
      ClassLoader loader,
      StreamVisits visits)
      throws IOException {
    super(new ByteArrayInputStream(bytes));
    this.leaves = leaves;
    this.visits = visits;
    this.classes = classes;
    this.allowed = allowed;
    this.loader = loader;
    enableResolveObject(true);
  }

  /** The shell's object with copies, or other stand-ins, of its leaves. */
  static Object read(ShellWriter.Shell shell, @Nullable Object[] leaves) {
    return read(
        shell.bytes(),
        leaves,
        shell.classes().iterator(),
        AllowedTypes.ALL,
        ShellReader.class.getClassLoader(),
        new StreamVisits(shell.bytes().length));
  }

  /**
   * An object from outside.
   *
   * @param visits knows the leaves
   */
  static Object read(
      byte[] bytes,
      @Nullable Object[] leaves,
      StreamVisits visits,
      AllowedTypes allowed,
      ClassLoader loader) {
    return read(bytes, leaves, null, allowed, loader, visits);
  }

  private static Object read(
      byte[] bytes,
      @Nullable Object[] leaves,
      @Nullable Iterator<Class<?>> classes,
      AllowedTypes allowed,
      ClassLoader loader,
      StreamVisits visits) {
    try (ShellReader in = new ShellReader(bytes, leaves, classes, allowed, loader, visits)) {
      if (classes == null) {
        in.setObjectInputFilter(info -> in.filter(info, bytes.length));
      }
      Object object = in.readObject();
      if (object == null) {
        throw new KryoException("Java stream holds null");
      }
      return object;
    } catch (IOException | InternalError e) { // the JDK's own of a map without a last value
      throw new KryoException("Java deserialization: " + e.getMessage(), e);
    } catch (ClassNotFoundException e) {
      throw WarrenClassResolver.missing(String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectInputFilter.Status filter(ObjectInputFilter.FilterInfo info, int size) {
    Class<?> type = info.serialClass();
    if (type != null) {
      visits.type(type);
    } else if (!visits.reference()) {
      return ObjectInputFilter.Status.REJECTED;
    }
    slots += Math.max(0, info.arrayLength());
    boolean tooLarge =
        info.depth() > MAX_DEPTH
            || slots > MAX_SLOTS_PER_BYTE * size + WarrenInput.SLACK
            || info.references() > size;
    boolean known =
        type == null
            || type.isPrimitive()
            || type == Leaf.class
            || Proxy.isProxyClass(type) // resolved by its interfaces
            || allowed.test(type.getName());
    return tooLarge || !known
        ? ObjectInputFilter.Status.REJECTED
        : ObjectInputFilter.Status.ALLOWED;
  }

  @Override
  protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
    if (!(object instanceof Leaf leaf)) {
      if (classes == null && object != null) {
        visits.finished(object);
      }
      return object;
    }
    if (leaf.index() < 0 || leaf.index() >= leaves.length) {
      throw new InvalidObjectException("leaf " + leaf.index() + " of " + leaves.length);
    }
    Object found = leaves[leaf.index()];
    if (classes == null && found != null) {
      visits.leaf(found);
    }
    return found;
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description)
      throws IOException, ClassNotFoundException {
    if (classes != null) {
      return classes.next();
    }
    String name = description.getName();
    if (name.equals(Leaf.class.getName())) {
      return Leaf.class;
    }
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    allowed.check(name);
    return Class.forName(name, false, loader);
  }

  @Override
  @SuppressWarnings("deprecation") // what replaces it wants a handler
  protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
    if (classes != null) {
      return classes.next();
    }
    Class<?>[] types = new Class<?>[interfaces.length];
    for (int i = 0; i < types.length; i++) {
      allowed.check(interfaces[i]);
      types[i] = Class.forName(interfaces[i], false, loader);
    }
    return Proxy.getProxyClass(loader, types);
  }
}
