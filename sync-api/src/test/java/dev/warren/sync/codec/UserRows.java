// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static dev.warren.sync.codec.FidelityRow.row;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Classes as users write them. */
@SuppressWarnings({"serial", "unused", "FieldCanBeFinal", "UnusedVariable", "ClassCanBeStatic"})
final class UserRows {

  private static final String LAMBDA = "java.lang.invoke.SerializedLambda";

  private UserRows() {}

  static List<FidelityRow> all() {
    return List.of(
        row("enum", () -> Samples.Colour.RED),
        row("enum constant with a body", () -> Samples.Colour.GREEN),
        row("record of immutables", () -> new Name("a", 1)),
        row("record of a list", () -> new Samples.Point(1, 2, "p", samplesList())),
        row("record with an accessor that lies", () -> new Lying(new ArrayList<>(List.of("x")))),
        row("record of records", () -> new Pair(new Pair("a", null), new int[] {1})),
        row("record with writeReplace", () -> new ReplacedRecord("x")),
        row("fields of every type", AllFields::new),
        row("final fields without default constructor", () -> new Finals("x", 3)),
        row("transient fields", () -> new Transients("kept")),
        row("superclass with hidden fields", () -> new Child("c", "p")),
        row("superclass that is not serializable", () -> new OfPlain("kept")).differing("refused"),
        row("class that is not serializable", () -> new Samples.Order("o")).differing("refused"),
        row("cyclic graph", UserRows::ring),
        row("cyclic graph through an immutable list", () -> parent(List::of)),
        row("cyclic graph through a record", () -> parent(c -> List.of(new Pair(c, "x")))),
        row("cyclic graph through hooks", UserRows::hookedRing),
        row("shared object, once behind hooks", UserRows::sharedBehindHooks),
        row("primitive class behind hooks", () -> new Custom("custom", int.class))
            .allowing("java.lang.Class"),
        row("inner class", () -> new Outer("outer").new Inner("inner")),
        row("anonymous class", () -> new Outer("outer").anonymous(samplesList())),
        row("local class with a captured value", () -> new Outer("outer").local("captured")),
        row("Externalizable", () -> new Samples.External("external")),
        row("readObject", () -> new Samples.Hooked("hooked")),
        row("writeObject and readObject", () -> new Custom("custom", samplesList())),
        row("writeReplace to a proxy", () -> new Replaced("replaced")),
        row("readResolve", () -> Single.INSTANCE),
        row("serialPersistentFields", () -> new Chosen("a", "b")),
        row("subclass of ArrayList", () -> new Names(List.of("a", "b"), "title")),
        row("subclass of LinkedHashMap", UserRows::bounded),
        row("exception", () -> new IllegalStateException("m")),
        row("exception with cause and suppressed", UserRows::failure).byDescription(),
        row("exception of the user", () -> new Failure("m", samplesList())),
        row("exceptions that refer to each other", UserRows::failureRing),
        row("lambda", () -> (Function<String, String> & Serializable) s -> s + 1).allowing(LAMBDA),
        row("lambda that captures", UserRows::capturing).allowing(LAMBDA),
        row("method reference", () -> (Function<String, String> & Serializable) String::trim)
            .allowing(LAMBDA, "java.lang.String"),
        row("comparator of lambdas", UserRows::comparing)
            .allowing(LAMBDA, "java.util.Comparator", "java.util.Comparator$*"),
        row("proxy", UserRows::proxy).allowing("java.lang.reflect.Proxy"),
        row("generic holder", () -> new Holder<>(new Holder<>(samplesList()))),
        row("object with a lock", Locked::new).differing("refused"),
        row("comparator of the user", ByLength::new),
        row(
            "unmodifiable map of objects",
            () -> Collections.unmodifiableMap(new HashMap<>(Map.of("k", new Finals("x", 1))))));
  }

  private static List<Samples.Colour> samplesList() {
    return new ArrayList<>(List.of(Samples.Colour.RED));
  }

  record Name(String first, int number) implements Serializable {}

  record Pair(@Nullable Object left, @Nullable Object right) implements Serializable {}

  record Lying(List<String> list) implements Serializable {
    @Override
    public List<String> list() {
      return List.of("lie");
    }
  }

  record ReplacedRecord(String text) implements Serializable {
    private Object writeReplace() {
      return new RecordProxy(text);
    }
  }

  record RecordProxy(String text) implements Serializable {
    private Object readResolve() {
      return new ReplacedRecord(text);
    }
  }

  static final class AllFields implements Serializable {
    private boolean flag = true;
    private byte tiny = -1;
    private short small = -2;
    private char letter = 'x';
    private int number = Integer.MIN_VALUE;
    private long large = Long.MAX_VALUE;
    private float ratio = Float.MIN_VALUE;
    private double exact = Math.PI;
    private Integer boxed = 5;
    private @Nullable Object nothing = null;
    private Object[] array = {1, "a"};
    private List<Object> list = new ArrayList<>(List.of("a", 1));
    public String open = "open";
  }

  static class Finals implements Serializable {
    private final String text;
    private final int number;
    private final List<String> list = new ArrayList<>();

    Finals(String text, int number) {
      this.text = text;
      this.number = number;
      list.add(text);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Finals f && f.text.equals(text) && f.number == number;
    }

    @Override
    public int hashCode() {
      return number;
    }
  }

  static final class Transients implements Serializable {
    private final String kept;
    private transient String text = "lost";
    private transient int number = 5;
    private transient List<String> list = new ArrayList<>(List.of("lost"));

    Transients(String kept) {
      this.kept = kept;
    }
  }

  static class Parent implements Serializable {
    private String name;

    Parent(String name) {
      this.name = name;
    }
  }

  static final class Child extends Parent {
    private String name;

    Child(String name, String parents) {
      super(parents);
      this.name = name;
    }
  }

  static class Plain {
    private String text = "by constructor";

    Plain() {}
  }

  static final class OfPlain extends Plain implements Serializable {
    private String own;

    OfPlain(String own) {
      super();
      this.own = own;
      super.text = "changed";
    }
  }

  static final class Node implements Serializable {
    private final String name;
    private @Nullable Object next;
    private @Nullable Object children;

    Node(String name) {
      this.name = name;
    }
  }

  private static Object ring() {
    Node first = new Node("first");
    Node second = new Node("second");
    first.next = second;
    second.next = first;
    first.children = new ArrayList<>(List.of(first, second));
    return first;
  }

  private static Node parent(Function<Node, Object> children) {
    Node node = new Node("parent");
    node.children = children.apply(node);
    return node;
  }

  private static Object hookedRing() {
    Node node = new Node("node");
    node.next = new Custom("custom", node);
    return new Custom("outer", node.next);
  }

  private static Object sharedBehindHooks() {
    List<Samples.Colour> shared = samplesList();
    Node node = new Node("node");
    node.next = shared;
    return new ArrayList<>(List.of(node, new Custom("custom", node), shared));
  }

  static final class Outer implements Serializable {
    private final String name;

    Outer(String name) {
      this.name = name;
    }

    final class Inner implements Serializable {
      private final String text;

      Inner(String text) {
        this.text = text;
      }

      String outers() {
        return name;
      }
    }

    Object anonymous(List<?> captured) {
      abstract class Named implements Serializable {
        abstract String named();
      }
      return new Named() {
        @Override
        String named() {
          return name + captured;
        }
      };
    }

    Object local(String captured) {
      final class Local implements Serializable {
        String text() {
          return name + captured;
        }
      }
      return new Local();
    }
  }

  static final class Custom implements Serializable {
    private final String name;
    private transient Object extra;

    Custom(String name, Object extra) {
      this.name = name;
      this.extra = extra;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeInt(7);
      out.writeObject(extra);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (in.readInt() != 7) {
        throw new InvalidObjectException("7");
      }
      extra = in.readObject();
    }
  }

  static final class Replaced implements Serializable {
    private final transient String text;

    Replaced(String text) {
      this.text = text;
    }

    private Object writeReplace() {
      return new ReplacedProxy(text);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
      throw new InvalidObjectException("proxy required");
    }
  }

  private static final class ReplacedProxy implements Serializable {
    private final String text;

    ReplacedProxy(String text) {
      this.text = text;
    }

    private Object readResolve() {
      return new Replaced(text);
    }
  }

  static final class Single implements Serializable {
    static final Single INSTANCE = new Single();

    private Object readResolve() throws ObjectStreamException {
      return INSTANCE;
    }
  }

  static final class Chosen implements Serializable {
    private static final ObjectStreamField[] serialPersistentFields = {
      new ObjectStreamField("kept", String.class)
    };

    private String kept;
    private String dropped;

    Chosen(String kept, String dropped) {
      this.kept = kept;
      this.dropped = dropped;
    }
  }

  static final class Names extends ArrayList<String> {
    private final String title;

    Names(List<String> names, String title) {
      super(names);
      this.title = title;
    }
  }

  static final class Bounded extends LinkedHashMap<String, Object> {
    private final int max;

    Bounded(int max) {
      super(16, 0.75f, true);
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
      return size() > max;
    }
  }

  private static Object bounded() {
    Bounded map = new Bounded(2);
    map.put("a", samplesList());
    map.put("b", samplesList());
    map.get("a");
    return map;
  }

  static final class Failure extends Exception {
    private final List<Samples.Colour> details;

    Failure(String message, List<Samples.Colour> details) {
      super(message);
      this.details = details;
    }
  }

  private static Object failure() {
    Exception failure = new RuntimeException("m", new IOException("cause"));
    failure.addSuppressed(new Failure("suppressed", samplesList()));
    return failure;
  }

  private static Object failureRing() {
    Exception one = new Failure("one", samplesList());
    Exception two = new RuntimeException("two", one);
    one.addSuppressed(two);
    return one;
  }

  private static Object capturing() {
    List<Samples.Colour> captured = samplesList();
    return (Supplier<String> & Serializable) () -> "captured " + captured;
  }

  private static Object comparing() {
    Comparator<String> order =
        Comparator.comparing((Function<String, Integer> & Serializable) String::length);
    Map<String, Integer> map = new TreeMap<>(order);
    map.put("ccc", 1);
    map.put("a", 2);
    return map;
  }

  /** What a proxy pretends to be. */
  interface Greeter {
    String greet(String name);
  }

  static final class Handler implements InvocationHandler, Serializable {
    private final List<Samples.Colour> state = samplesList();

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "equals" -> Proxy.isProxyClass(arguments[0].getClass());
        case "hashCode" -> 1;
        default -> "proxy " + state;
      };
    }
  }

  private static Object proxy() {
    return Proxy.newProxyInstance(
        UserRows.class.getClassLoader(), new Class<?>[] {Greeter.class}, new Handler());
  }

  static final class Holder<T> implements Serializable {
    private final T held;

    Holder(T held) {
      this.held = held;
    }
  }

  static final class Locked implements Serializable {
    private final Object lock = new Object();
    private final Object same = lock;
  }

  static final class ByLength implements Comparator<String>, Serializable {
    @Override
    public int compare(String left, String right) {
      return Integer.compare(left.length(), right.length());
    }
  }
}
