// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes one object by Java serialization, but only its shell: the objects within that Kryo can
 * carry ("leaves") are collected, and a {@link Leaf} stands for each.
 *
 * <p>So the hooks of a class, or the closed innards of the JDK, are honoured exactly, while what
 * hangs on them keeps its identity within the graph, needs not be serializable, and may change
 * between versions like everything else.
 */
final class ShellWriter extends ObjectOutputStream {

  /**
   * What was written.
   *
   * @param classes in the order in which a reader asks for them
   */
  record Shell(byte[] bytes, List<Object> leaves, List<Class<?>> classes) {}

  private final Predicate<Object> isLeaf;
  private final Consumer<String> check;
  private final List<Object> leaves = new ArrayList<>();
  private final List<Class<?>> classes = new ArrayList<>();
  private boolean atRoot = true;

  private ShellWriter(ByteArrayOutputStream bytes, Predicate<Object> isLeaf, Consumer<String> check)
      throws IOException {
    super(bytes);
    this.isLeaf = isLeaf;
    this.check = check;
    enableReplaceObject(true);
  }

  /**
   * @param check is told the name of every class that the bytes will name
   */
  static Shell write(Object root, Predicate<Object> isLeaf, Consumer<String> check) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ShellWriter out = new ShellWriter(bytes, isLeaf, check)) {
      out.writeObject(root);
      out.flush();
      return new Shell(bytes.toByteArray(), out.leaves, out.classes);
    } catch (IOException e) {
      throw new KryoException(
          "Java serialization of " + root.getClass().getName() + ": " + e.getMessage(), e);
    }
  }

  /* The first object is the root, or what its writeReplace made of it. */
  @Override
  protected Object replaceObject(Object object) {
    if (atRoot) {
      atRoot = false;
      return object;
    }
    if (object instanceof ObjectStreamClass || !isLeaf.test(object)) {
      return object;
    }
    leaves.add(object);
    return new Leaf(leaves.size() - 1);
  }

  @Override
  protected void annotateClass(Class<?> type) {
    if (type != Leaf.class && !type.isPrimitive()) {
      check.accept(type.getName());
    }
    classes.add(type);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) {
    for (Class<?> implemented : type.getInterfaces()) {
      check.accept(implemented.getName());
    }
    check.accept(Proxy.class.getName());
    classes.add(type);
  }
}
