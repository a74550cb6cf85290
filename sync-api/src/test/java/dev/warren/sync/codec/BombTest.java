// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Few bytes of allowed classes that would take much time or memory to read. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings({"serial", "JdkObsolete", "NonApiType"}) // these are the shapes
final class BombTest {

  private static final long MOST_ALLOCATED = 128L << 20;

  private final KryoValueCodec codec =
      KryoValueCodec.of(
          BombTest.class.getClassLoader(),
          List.of(),
          Samples.Hooked.class,
          Custom.class,
          Link.class);

  /** A class that the cache allows, with room for any object behind its hooks. */
  static final class Custom implements Serializable {
    private transient Object held;

    Custom(Object held) {
      this.held = held;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeObject(held);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      held = in.readObject();
    }
  }

  /** A class that the cache allows, whose hash code goes into its contents. */
  static final class Link {
    private Object left = "";
    private Object right = "";

    @Override
    public boolean equals(Object other) {
      return other instanceof Link l && left.equals(l.left) && right.equals(l.right);
    }

    @Override
    public int hashCode() {
      return left.hashCode() * 31 + right.hashCode();
    }
  }

  @SuppressWarnings("NullAway") // nothing here is null
  static Stream<Arguments> bombs() throws Exception {
    return Stream.of(
        Arguments.of("sets of sets", CraftedBytes.byKryo(setsOfSets())),
        Arguments.of(
            "sets of sets, Java", CraftedBytes.whole(CraftedBytes.javaBytes(setsOfSets()))),
        Arguments.of(
            "sets of sets, hooked", CraftedBytes.withStream(CraftedBytes.javaBytes(setsOfSets()))),
        Arguments.of("tables of tables", CraftedBytes.byKryo(tablesOfTables())),
        Arguments.of(
            "tables of tables, Java", CraftedBytes.whole(CraftedBytes.javaBytes(tablesOfTables()))),
        Arguments.of(
            "lists as key of a table", CraftedBytes.byKryo(keyed(new Hashtable<>(), lists()))),
        Arguments.of(
            "lists as key of a table, Java",
            CraftedBytes.whole(CraftedBytes.javaBytes(keyed(new Hashtable<>(), lists())))),
        Arguments.of("lists as key of a map", CraftedBytes.byKryo(keyed(new HashMap<>(), lists()))),
        Arguments.of("lists in a hooked class as key", CraftedBytes.byKryo(hookedLinks())),
        Arguments.of(
            "objects as key of a map", CraftedBytes.byKryo(keyed(new HashMap<>(), links()))),
        Arguments.of("nested lists", CraftedBytes.nestedLists(200_000)),
        Arguments.of("nested lists, Java", CraftedBytes.whole(CraftedBytes.nestedStream(20_000))),
        Arguments.of("long list", CraftedBytes.announced("java.util.ArrayList", Integer.MAX_VALUE)),
        Arguments.of("long set", CraftedBytes.announced("java.util.HashSet", Integer.MAX_VALUE)),
        Arguments.of("long map", CraftedBytes.announced("java.util.HashMap", Integer.MAX_VALUE)),
        Arguments.of("long deque", CraftedBytes.announced("java.util.ArrayDeque", 1 << 30)),
        Arguments.of("long array", CraftedBytes.announced("[J", Integer.MAX_VALUE)),
        Arguments.of(
            "long array of objects",
            CraftedBytes.announced("[Ljava.lang.String;", Integer.MAX_VALUE)),
        Arguments.of(
            "long number", CraftedBytes.announced("java.math.BigInteger", Integer.MAX_VALUE)),
        Arguments.of("long bit set", CraftedBytes.announced("java.util.BitSet", 1 << 28)),
        Arguments.of(
            "long text", CraftedBytes.announced("java.lang.StringBuilder", Integer.MAX_VALUE)),
        Arguments.of("long arrays in one another", CraftedBytes.announcedArrays()),
        Arguments.of("long array, Java", CraftedBytes.whole(CraftedBytes.arrayStream("[J"))),
        Arguments.of(
            "long array, hooked",
            CraftedBytes.withStream(CraftedBytes.arrayStream("[Ljava.lang.String;"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void decode_bomb_isRefusedAtLittleCost(String name, byte[] bomb) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThatThrownBy(() -> codec.decode(new byte[0])).isInstanceOf(CodecException.class);
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThatThrownBy(() -> codec.decode(bomb))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.CORRUPT));

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(MOST_ALLOCATED + 100L * bomb.length);
  }

  /** By name: what they say of themselves never ends either. */
  static Stream<Named<Object>> unreadable() {
    return Stream.of(
        Named.of("sets of sets", setsOfSets()),
        Named.of("sets in one another", setsInOneAnother()),
        Named.of("lists as key of a table", keyed(new Hashtable<>(), lists())),
        Named.of("lists as key of a map", keyed(new HashMap<>(), lists())),
        Named.of("objects as key of a map", keyed(new HashMap<>(), links())));
  }

  /** Else the writer would be told that all is well, and every reader would have nothing. */
  @ParameterizedTest
  @MethodSource("unreadable")
  void encode_whatNobodyWouldDecode_isRefused(Object bomb) {
    KryoValueCodec open = KryoValueCodec.of(BombTest.class.getClassLoader(), List.of("**"));

    assertThatThrownBy(() -> open.encode(bomb))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.UNSUITABLE_TYPE))
        .hasMessageContaining("cannot be encoded, since nobody could decode it")
        .hasMessageContaining("hashing takes too long");
  }

  @Test
  void decode_muchSharedValues_areNoBombs() {
    List<Integer> shared = new ArrayList<>(Collections.nCopies(1_000, 1));
    Map<Object, Object> table = new Hashtable<>();
    Map<Object, Object> map = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      map.put("key " + i, shared);
      table.put("key " + i, shared);
    }
    Set<Object> sets = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      sets.add(Set.of(i, List.of(i, i), new HashSet<>(List.of(i))));
    }
    for (Object value : List.of(map, table, sets)) {
      assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }
  }

  /** Nothing is shared here, but each set is asked for its hash code by all around it. */
  private static Object setsInOneAnother() {
    Set<Object> set = new HashSet<>();
    for (int i = 0; i < 900; i++) {
      Set<Object> around = new HashSet<>();
      around.add(set);
      set = around;
    }
    return set;
  }

  private static Object setsOfSets() {
    Set<Object> root = new HashSet<>();
    Set<Object> left = root;
    Set<Object> right = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Set<Object> nextLeft = new HashSet<>();
      Set<Object> nextRight = new HashSet<>();
      nextLeft.add("different");
      for (Set<Object> set : List.of(nextLeft, nextRight)) {
        left.add(set);
        right.add(set);
      }
      left = nextLeft;
      right = nextRight;
    }
    return root;
  }

  private static Object tablesOfTables() {
    Map<Object, Object> root = new Hashtable<>();
    Map<Object, Object> left = root;
    Map<Object, Object> right = new Hashtable<>();
    for (int i = 0; i < 100; i++) {
      Map<Object, Object> nextLeft = new Hashtable<>();
      Map<Object, Object> nextRight = new Hashtable<>();
      nextLeft.put("different", 1);
      for (Map<Object, Object> map : List.of(nextLeft, nextRight)) {
        left.put(map, 1);
        right.put(map, 1);
      }
      left = nextLeft;
      right = nextRight;
    }
    return root;
  }

  /** The key becomes a bomb when it is in the map already. */
  private static Object keyed(Map<Object, Object> map, Map.Entry<Object, Runnable> key) {
    map.put(key.getKey(), 1);
    key.getValue().run();
    return map;
  }

  private static Map.Entry<Object, Runnable> lists() {
    List<Object> first = new ArrayList<>();
    return Map.entry(
        first,
        () -> {
          List<Object> list = first;
          for (int i = 0; i < 60; i++) {
            List<Object> next = new ArrayList<>();
            Collections.addAll(list, next, next);
            list = next;
          }
        });
  }

  private static Map.Entry<Object, Runnable> links() {
    Link first = new Link();
    return Map.entry(
        first,
        () -> {
          Link link = first;
          for (int i = 0; i < 60; i++) {
            Link next = new Link();
            link.left = next;
            link.right = next;
            link = next;
          }
        });
  }

  private static Object hookedLinks() {
    Map.Entry<Object, Runnable> lists = lists();
    Custom custom = new Custom(keyed(new Hashtable<>(), lists));
    return new ArrayList<>(List.of(custom));
  }
}
