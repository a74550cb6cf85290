// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoCopyable;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plans tell apart, for the first objects of a class and for those that follow. */
@SuppressWarnings({
  "serial",
  "UnusedVariable",
  "ClassCanBeStatic",
  "HidingField",
  "UnnecessaryStringBuilder"
}) // looked at by reflection
final class CopyPlanTest {

  /* More than are copied by reflection. */
  private static final int OFTEN = 150;

  private final KryoCopier copier = new KryoCopier(CopyPlanTest.class.getClassLoader());

  static class Kinds implements Serializable {
    private final boolean aBoolean = Boolean.parseBoolean("true");
    private final byte aByte = Byte.parseByte("1");
    private final char aChar = "c".charAt(0);
    private final short aShort = Short.parseShort("2");
    private final int anInt = Integer.parseInt("3");
    private final long aLong = Long.parseLong("4");
    private final float aFloat = Float.parseFloat("5.5");
    private final double aDouble = Double.parseDouble("6.5");
    private boolean changingBoolean = true;
    private byte changingByte = 1;
    private char changingChar = 'c';
    private short changingShort = 2;
    private int changingInt = 3;
    private long changingLong = 4;
    private float changingFloat = 5.5f;
    private double changingDouble = 6.5;
    private final String text = String.valueOf(7);
    private final List<String> list = new ArrayList<>(List.of("a"));
    private @Nullable String nothing;
    private @Nullable Object nothingElse;
  }

  static class Any implements Serializable {
    @Nullable Object object;
    @Nullable CharSequence characters;
    @Nullable Any other;
    private final transient List<String> transientList = new ArrayList<>();
    private static final List<String> STATIC = new ArrayList<>();
  }

  static class More extends Any {
    /* Hides that of the superclass. */
    @Nullable Object object;
    final int[] numbers = {1, 2};
    final String[] texts = {"a", "b"};
    final Object[] things = {new ArrayList<>(List.of(1)), "b"};
    final List<String>[][] lists = listsOf("c");

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<String>[][] listsOf(String element) {
      return new List[][] {{new ArrayList<>(List.of(element))}, {null}};
    }
  }

  static final class Node implements Serializable {
    final List<Node> next = new ArrayList<>();
    final @Nullable Node first;

    Node(@Nullable Node first) {
      this.first = first;
    }
  }

  static class NotSerializable {
    private final List<String> list = new ArrayList<>();
    private @Nullable List<String> cleared = new ArrayList<>();
    private int constructed;

    NotSerializable() {
      constructed++;
    }
  }

  class Inner implements Serializable {
    private final String text = String.valueOf(1);
  }

  static final class Outer implements Serializable {
    private final List<String> list = new ArrayList<>(List.of("a"));

    final class Within implements Serializable {
      private int number = 1;

      Outer outer() {
        return Outer.this;
      }
    }
  }

  /** The first copy, and one when the class is known well. */
  private <T> List<T> copies(T original) {
    List<T> copies = new ArrayList<>();
    for (int i = 0; i < OFTEN; i++) {
      T copy = copier.copy(original);
      if (i == 0 || i == OFTEN - 1) {
        copies.add(copy);
      }
    }
    return copies;
  }

  private <T> List<T> likeCopies(T original) throws Exception {
    List<T> copies = copies(original);
    for (T copy : copies) {
      assertLike(original, copy);
    }
    return copies;
  }

  private static void assertLike(Object original, Object copy) throws Exception {
    assertThat(Fidelity.describe(copy)).isEqualTo(Fidelity.describe(Fidelity.javaCopy(original)));
    Set<Object> parts = Fidelity.mutablePartsOf(original);
    parts.retainAll(Fidelity.mutablePartsOf(copy));
    assertThat(parts).isEmpty();
  }

  @Test
  void copy_fieldsOfEachKind_haveTheirValues() throws Exception {
    assertThat(likeCopies(new Kinds())).allSatisfy(copy -> assertThat(copy.nothing).isNull());
  }

  @Test
  void copy_nullInAField_replacesWhatTheConstructorPutThere() {
    NotSerializable original = new NotSerializable();
    original.cleared = null;

    for (NotSerializable copy : copies(original)) {
      assertThat(copy.cleared).isNull();
      assertThat(copy.constructed).isEqualTo(1);
      assertThat(copy.list).isEmpty();
    }
  }

  @Test
  void copy_objectsOfChangingClasses_areEachCopiedByTheirOwn() throws Exception {
    Any inner = new Any();
    inner.object = new ArrayList<>(List.of("x"));
    More more = new More();
    more.other = inner;
    List<IntFunction<@Nullable Object>> kinds =
        List.of(
            i -> "text " + i,
            i -> new java.util.BitSet(i + 1),
            i -> null,
            i -> new ArrayList<>(List.of(i)),
            i -> inner,
            i -> new TreeMap<>(Map.of(i, new ArrayList<>(List.of(i)))),
            i -> more,
            i -> new long[] {i},
            i -> List.of(i, new ArrayList<>(List.of(i))));
    for (int i = 0; i < 2 * OFTEN; i++) {
      Any any = new More();
      any.object = kinds.get(i % kinds.size()).apply(i);
      any.characters = i % 3 == 0 ? "text" : new StringBuilder("builder");
      any.other = i % 2 == 0 ? inner : more;

      Any copy = copier.copy(any);

      assertLike(any, copy);
    }
  }

  @Test
  void copy_fieldThatASubclassHides_keepsBoth() throws Exception {
    More more = new More();
    more.object = new ArrayList<>(List.of("of the subclass"));
    ((Any) more).object = new ArrayList<>(List.of("of the superclass"));

    for (More copy : likeCopies(more)) {
      assertThat(copy.object).isEqualTo(List.of("of the subclass"));
      assertThat(((Any) copy).object).isEqualTo(List.of("of the superclass"));
    }
  }

  @Test
  void copy_transientField_staysBehind() {
    Any any = new Any();
    any.transientList.add("a");

    assertThat(copies(any)).allSatisfy(copy -> assertThat(copy.transientList).isNull());
  }

  @Test
  void copy_cycleThroughFieldsAndLists_isTheSameCycle() throws Exception {
    Any one = new Any();
    Any two = new Any();
    one.other = two;
    two.other = one;
    two.object = new ArrayList<>(List.of(one, two));

    for (Any copy : likeCopies(one)) {
      assertThat(copy.other).isNotNull();
      assertThat(copy.other.other).isSameAs(copy);
    }
  }

  @Test
  void copy_sharedChild_isSharedOnce() throws Exception {
    More shared = new More();
    Any any = new Any();
    any.object = shared;
    any.other = shared;

    for (Any copy : likeCopies(any)) {
      assertThat(copy.object).isSameAs(copy.other).isNotSameAs(shared);
    }
  }

  @Test
  void copy_innerObject_hasAnEnclosingOneOfItsOwn() {
    Outer outer = new Outer();
    Outer.Within within = outer.new Within();

    for (Outer.Within copy : copies(within)) {
      assertThat(copy.outer()).isNotSameAs(outer);
      assertThat(copy.outer().list).isEqualTo(outer.list).isNotSameAs(outer.list);
      assertThat(copy.number).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 100, 400})
  void copy_graphOfManyObjects_keepsEachReference(int size) {
    Random random = new Random(size);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Node node = new Node(i == 0 ? null : nodes.get(random.nextInt(i)));
      nodes.add(node);
    }
    for (Node node : nodes) {
      for (int i = 0; i < 3; i++) {
        node.next.add(nodes.get(random.nextInt(size)));
      }
    }

    List<Node> copy = copier.copy(nodes);

    assertThat(Fidelity.describe(copy)).isEqualTo(Fidelity.describe(nodes));
    Set<Node> one = new LinkedHashSet<>(nodes);
    one.retainAll(new LinkedHashSet<>(copy));
    assertThat(one).isEmpty();
  }

  @Test
  void copy_listThatAHashSetOfItsOwnHolds_isHashedAsWhenItWasAdded() {
    List<Object> list = new ArrayList<>();
    Set<Object> set = new LinkedHashSet<>();
    set.add(list);
    list.add(set);

    for (List<Object> copy : copies(list)) {
      assertThat((Set<?>) copy.get(0)).singleElement().isSameAs(copy);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 200})
  void copy_classOfSoManyFields_copiesAll(int fields, @TempDir Path directory) throws Exception {
    try (URLClassLoader loader = compiled(directory, fields)) {
      Class<?> type = loader.loadClass("Many");
      Object original = type.getConstructor().newInstance();
      KryoCopier own = new KryoCopier(loader);
      for (int i = 0; i < OFTEN; i++) {
        Object copy = own.copy(original);
        for (Field field : type.getFields()) {
          Object value = field.get(original);
          assertThat(field.get(copy)).as(field.getName()).isEqualTo(value).isNotNull();
          if (value instanceof List) {
            assertThat(field.get(copy)).isNotSameAs(value);
          }
        }
      }
      assertThat(type.getFields()).hasSize(fields);
    }
  }

  private static URLClassLoader compiled(Path directory, int fields) throws Exception {
    String[] declarations = {
      "public int f%d = %<d;",
      "public final double f%d = Math.sqrt(%<d);",
      "public String f%d = \"text %<d\";",
      "public final java.util.List<Integer> f%d = new java.util.ArrayList<>(java.util.List.of(%<d));"
    };
    String body =
        IntStream.range(0, fields)
            .mapToObj(i -> declarations[i % declarations.length].formatted(i))
            .collect(Collectors.joining("\n"));
    Path source = directory.resolve("Many.java");
    Files.writeString(source, "public class Many implements java.io.Serializable {" + body + "}");
    int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString());
    assertThat(result).isZero();
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, null);
  }

  @Test
  void copy_byManyThreadsAtOnce_givesEachItsOwn() throws Exception {
    More original = new More();
    original.object = new ArrayList<>(List.of(original.lists));
    original.other = new More();
    String before = Fidelity.describe(original);
    String expected = Fidelity.describe(Fidelity.javaCopy(original));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Integer> task =
          () -> {
            for (int i = 0; i < 2 * OFTEN; i++) {
              More copy = copier.copy(original);
              assertThat(Fidelity.describe(copy)).isEqualTo(expected);
              Fidelity.spoil(copy);
            }
            return 0;
          };
      for (Future<Integer> result : threads.invokeAll(List.of(task, task, task, task))) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(Fidelity.describe(original)).isEqualTo(before);
  }

  @Test
  void copy_deeperThanTheStack_isRefusedAndTheNextOneCopied() {
    for (int round = 0; round < 2; round++) {
      Any deep = new Any();
      for (int i = 0; i < 200_000; i++) {
        Any around = new Any();
        around.other = deep;
        deep = around;
      }
      Any root = deep;
      assertThatThrownBy(() -> copier.copy(root))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("Any cannot be copied (StackOverflowError");
      assertThat(copier.copy(new Any())).isNotNull();
    }
  }

  @Test
  void copy_unsuitableClassInAField_saysWhich() {
    Any any = new Any();
    any.object = Thread.currentThread();

    for (int i = 0; i < OFTEN; i++) {
      assertThatThrownBy(() -> copier.copy(any))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("java.lang.Thread");
    }
  }

  /** Copies what it holds as the user has it. */
  static final class OfKryo implements KryoCopyable<OfKryo> {
    private final List<String> deep = new ArrayList<>();
    private final List<List<String>> shallow = new ArrayList<>();
    private @Nullable Object self;

    @Override
    public OfKryo copy(Kryo kryo) {
      OfKryo copy = new OfKryo();
      kryo.reference(copy);
      copy.deep.addAll(kryo.copy(deep));
      copy.shallow.addAll(kryo.copyShallow(shallow));
      copy.self = kryo.copy(self);
      return copy;
    }
  }

  @DefaultSerializer(OwnSerializer.class)
  static final class Own {
    private @Nullable Own other;
    private @Nullable Object part;
  }

  /** Says only after its contents what it made. */
  public static final class OwnSerializer extends Serializer<Own> {
    @Override
    public void write(Kryo kryo, Output output, Own object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Own read(Kryo kryo, Input input, Class<? extends Own> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Own copy(Kryo kryo, Own original) {
      Own copy = new Own();
      copy.part = kryo.copy(original.part);
      kryo.reference(copy);
      copy.other = kryo.copy(original.other);
      return copy;
    }
  }

  @Test
  void copy_classThatCopiesItselfByKryo_isAsked() {
    OfKryo original = new OfKryo();
    original.deep.add("a");
    original.shallow.add(new ArrayList<>());
    original.self = new Object[] {original, original.deep, new HashMap<>(Map.of("k", original))};

    for (OfKryo copy : copies(original)) {
      assertThat(copy.deep).containsExactly("a");
      assertThat(copy.shallow.get(0)).isSameAs(original.shallow.get(0));
      Object[] self = (Object[]) copy.self;
      assertThat(self).isNotNull().isNotSameAs(original.self);
      assertThat(self[0]).isSameAs(copy);
      assertThat(Array.get(self, 2)).isEqualTo(Map.of("k", copy));
    }
  }

  @Test
  void copy_shallow_sharesTheContents() {
    Map<String, Object> contents = new HashMap<>();
    KryoCopyable<?> shallow =
        new KryoCopyable<Object>() {
          @Override
          public Object copy(Kryo kryo) {
            Any any = new Any();
            any.object = contents;
            Object[] array = {contents};
            Any copy = kryo.copyShallow(any);
            assertThat(copy).isNotSameAs(any);
            assertThat(copy.object).isSameAs(contents);
            assertThat(kryo.copyShallow(array)).isNotSameAs(array).containsExactly(contents);
            assertThat(kryo.copy(contents)).isNotSameAs(contents);
            return this;
          }
        };

    assertThat(copies(shallow)).allMatch(copy -> copy == shallow);
  }

  @Test
  void copy_classWithASerializerOfItsOwn_isCopiedByIt() {
    Own original = new Own();
    original.other = original;
    original.part = new ArrayList<>(List.of("a"));

    for (Own copy : copies(original)) {
      assertThat(copy.other).isSameAs(copy).isNotSameAs(original);
      assertThat(copy.part).isEqualTo(original.part).isNotSameAs(original.part);
    }
  }

  @Test
  void copy_declaredImmutable_isSharedEverywhere() {
    KryoCopier own = new KryoCopier(CopyPlanTest.class.getClassLoader(), Node.class);
    Node node = new Node(null);
    Any any = new Any();
    any.object = new ArrayList<>(List.of(node));

    assertThat(own.copy(node)).isSameAs(node);
    for (int i = 0; i < OFTEN; i++) {
      assertThat((List<?>) own.copy(any).object).singleElement().isSameAs(node);
    }
    assertThat(Modifier.isFinal(Node.class.getModifiers())).isTrue();
  }
}
