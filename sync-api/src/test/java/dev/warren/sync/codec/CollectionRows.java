// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static dev.warren.sync.codec.FidelityRow.row;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JDK's collections. */
@SuppressWarnings("JdkObsolete") // users cache such things
final class CollectionRows {

  private static final String REFUSED = "refused";

  private CollectionRows() {}

  static List<FidelityRow> all() {
    return Stream.of(plain(), sorted(), immutable(), wrapped(), concurrent(), views())
        .flatMap(List::stream)
        .toList();
  }

  @SuppressWarnings("NullAway") // lists that take null
  static List<Object> list(@Nullable Object... elements) {
    List<Object> list = new ArrayList<>();
    Collections.addAll(list, elements);
    return list;
  }

  private static <C extends Collection<Object>> C filled(C collection) {
    for (int i = 0; i < 13; i++) {
      collection.add("element " + i * 7 % 13);
    }
    return collection;
  }

  private static <M extends Map<Object, Object>> M filled(M map) {
    for (int i = 0; i < 13; i++) {
      map.put("key " + i * 7 % 13, list(i));
    }
    return map;
  }

  private static List<FidelityRow> plain() {
    return List.of(
        row("ArrayList", () -> list("a", list("b"), null)),
        row("ArrayList within itself", CollectionRows::listInItself),
        row("ArrayList with one list twice", CollectionRows::listTwice),
        row("LinkedList", () -> filled(new LinkedList<>())),
        row("Vector", () -> new Vector<>(List.of("a"))),
        row("Stack", () -> filled(new Stack<>())),
        row("ArrayDeque", () -> filled(new ArrayDeque<>())),
        row("HashSet", () -> filled(new HashSet<>())),
        row("HashSet, empty", HashSet::new),
        row("LinkedHashSet", () -> filled(new LinkedHashSet<>())),
        row("HashMap", () -> filled(new HashMap<>())),
        row("HashMap, empty", HashMap::new),
        row("HashMap with null key and value", () -> mapOf(new HashMap<>(), null, null)),
        row("HashMap with mutable keys", () -> mapOf(new HashMap<>(), list("k"), list("v"))),
        row("LinkedHashMap", () -> filled(new LinkedHashMap<>())),
        row("LinkedHashMap in access order", CollectionRows::byAccess),
        row("IdentityHashMap", CollectionRows::identities),
        row("WeakHashMap", () -> mapOf(new WeakHashMap<>(), "k", list("v"))).differing(REFUSED),
        row("Hashtable", () -> filled(new Hashtable<>())),
        row("Properties with defaults", CollectionRows::properties),
        row("EnumSet", () -> EnumSet.of(Samples.Colour.GREEN)),
        row("EnumSet, empty", () -> EnumSet.noneOf(Samples.Colour.class)),
        row("EnumMap", () -> new EnumMap<>(Map.of(Samples.Colour.GREEN, list("x")))),
        row("EnumMap, empty", () -> new EnumMap<>(Samples.Colour.class)),
        row("SimpleEntry", () -> new AbstractMap.SimpleEntry<>("a", list("x"))),
        row("SimpleImmutableEntry", () -> new AbstractMap.SimpleImmutableEntry<>("a", list("x"))),
        row("Arrays.asList", () -> Arrays.asList("a", null)).differing("asList"),
        row("Arrays.asList of lists", () -> Arrays.asList(list("a"), list("b")))
            .differing("asList"));
  }

  private static List<FidelityRow> sorted() {
    return List.of(
        row("TreeSet", () -> filled(new TreeSet<>())),
        row("TreeSet with a comparator", () -> filled(new TreeSet<>(Collections.reverseOrder()))),
        row("TreeSet ignoring case", CollectionRows::caseless),
        row("TreeSet with the user's comparator", CollectionRows::byLength),
        row("TreeMap", () -> filled(new TreeMap<>())),
        row("TreeMap with a comparator", () -> filled(new TreeMap<>(Collections.reverseOrder()))),
        row("TreeMap, part of", () -> filled(new TreeMap<>()).subMap("key 2", "key 5")),
        row("TreeMap, downwards", () -> filled(new TreeMap<>()).descendingMap()),
        row("TreeSet, downwards", () -> filled(new TreeSet<>()).descendingSet()),
        row("PriorityQueue", () -> filled(new PriorityQueue<>())),
        row(
            "PriorityQueue with a comparator",
            () -> filled(new PriorityQueue<>(Collections.reverseOrder()))));
  }

  private static List<FidelityRow> immutable() {
    return List.of(
        row("List.of()", List::of),
        row("List.of(1)", () -> List.of(list("a"))),
        row("List.of(3)", () -> List.of("a", list("b"), "c")),
        row("List.of(strings)", () -> List.of("a", "b", "c")),
        row("List.copyOf", () -> List.copyOf(list("a", "b"))),
        row("Stream.toList", () -> Stream.of("a", list("b"), "c").toList()),
        row("Stream.toList with null", () -> Stream.of("a", null, list("c")).toList()),
        row("Set.of()", Set::of),
        row("Set.of(1)", () -> Set.of(list("a"))),
        row("Set.of(3)", () -> Set.of("a", list("b"), "c")).byDescription(),
        row("Map.of()", Map::of),
        row("Map.of(1)", () -> Map.of("a", list("b"))),
        row("Map.of(3)", () -> Map.of("a", list("b"), "c", 1, "d", 2)).byDescription(),
        row("Map.entry", () -> Map.entry("a", list("b"))).differing(REFUSED),
        row("emptyList", Collections::emptyList),
        row("emptySet", Collections::emptySet),
        row("emptyMap", Collections::emptyMap),
        row("emptySortedSet", Collections::emptySortedSet),
        row("emptySortedMap", Collections::emptySortedMap),
        row("singletonList", () -> Collections.singletonList(list("a"))),
        row("singleton", () -> Collections.singleton(list("a"))),
        row("singletonMap", () -> Collections.singletonMap("a", list("b"))),
        row("nCopies", () -> Collections.nCopies(3, list("a"))));
  }

  private static List<FidelityRow> wrapped() {
    return List.of(
        row("unmodifiableList", () -> Collections.unmodifiableList(list("a", list("b")))),
        row(
            "unmodifiableList, linked",
            () -> Collections.unmodifiableList(new LinkedList<>(list("a", list("b"))))),
        row("unmodifiableCollection", () -> Collections.unmodifiableCollection(list("a"))),
        row("unmodifiableSet", () -> Collections.unmodifiableSet(filled(new HashSet<>()))),
        row(
            "unmodifiableSet of a TreeSet ignoring case",
            () -> Collections.unmodifiableSet(caseless())),
        row(
            "unmodifiableSortedSet",
            () -> Collections.unmodifiableSortedSet(filled(new TreeSet<>()))),
        row(
            "unmodifiableNavigableSet",
            () -> Collections.unmodifiableNavigableSet(filled(new TreeSet<>()))),
        row("unmodifiableMap", () -> Collections.unmodifiableMap(filled(new HashMap<>()))),
        row("unmodifiableMap in access order", () -> Collections.unmodifiableMap(byAccess())),
        row(
            "unmodifiableSortedMap",
            () -> Collections.unmodifiableSortedMap(filled(new TreeMap<>()))),
        row(
            "unmodifiableNavigableMap",
            () -> Collections.unmodifiableNavigableMap(filled(new TreeMap<>()))),
        row("synchronizedList", () -> Collections.synchronizedList(list("a", list("b")))),
        row(
            "synchronizedList, linked",
            () -> Collections.synchronizedList(new LinkedList<>(list("a")))),
        row("synchronizedCollection", () -> Collections.synchronizedCollection(list("a"))),
        row("synchronizedSet", () -> Collections.synchronizedSet(filled(new HashSet<>()))),
        row(
            "synchronizedSortedSet",
            () -> Collections.synchronizedSortedSet(filled(new TreeSet<>()))),
        row("synchronizedMap", () -> Collections.synchronizedMap(filled(new HashMap<>()))),
        row(
            "synchronizedSortedMap",
            () -> Collections.synchronizedSortedMap(filled(new TreeMap<>()))),
        row("checkedList", () -> Collections.checkedList(list("a"), Object.class)),
        row("newSetFromMap", () -> filled(Collections.newSetFromMap(new LinkedHashMap<>()))),
        row("asLifoQueue", () -> filled(Collections.asLifoQueue(new ArrayDeque<>()))));
  }

  private static List<FidelityRow> concurrent() {
    return List.of(
        row("ConcurrentHashMap", () -> filled(new ConcurrentHashMap<>())),
        row("ConcurrentHashMap.newKeySet", () -> filled(ConcurrentHashMap.newKeySet())),
        row("ConcurrentSkipListMap", () -> filled(new ConcurrentSkipListMap<>())),
        row(
            "ConcurrentSkipListMap with a comparator",
            () -> filled(new ConcurrentSkipListMap<>(Collections.reverseOrder()))),
        row("ConcurrentSkipListSet", () -> filled(new ConcurrentSkipListSet<>())),
        row("ConcurrentLinkedQueue", () -> filled(new ConcurrentLinkedQueue<>())),
        row("ConcurrentLinkedDeque", () -> filled(new ConcurrentLinkedDeque<>())),
        row("CopyOnWriteArrayList", () -> filled(new CopyOnWriteArrayList<>())),
        row("CopyOnWriteArraySet", () -> filled(new CopyOnWriteArraySet<>())),
        row("LinkedBlockingQueue with a bound", () -> filled(new LinkedBlockingQueue<>(20))),
        row("LinkedBlockingDeque", () -> filled(new LinkedBlockingDeque<>())),
        row("ArrayBlockingQueue", () -> filled(new ArrayBlockingQueue<>(20))),
        row("PriorityBlockingQueue", () -> filled(new PriorityBlockingQueue<>())));
  }

  /* Java serialization refuses them. */
  private static List<FidelityRow> views() {
    return List.of(
        row("ArrayList.subList", () -> list("a", list("b"), "c").subList(1, 3)).differing(REFUSED),
        row("LinkedList.subList", () -> new LinkedList<>(list("a", "b")).subList(0, 1))
            .differing(REFUSED),
        row("List.of.subList", () -> List.of("a", list("b"), "c").subList(1, 3)).differing(REFUSED),
        row("HashMap.keySet", () -> filled(new HashMap<>()).keySet()).differing(REFUSED),
        row("HashMap.values", () -> filled(new HashMap<>()).values()).differing(REFUSED),
        row("TreeMap.keySet", () -> filled(new TreeMap<>()).keySet()).differing(REFUSED));
  }

  private static Object listInItself() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    return list;
  }

  private static Object listTwice() {
    List<Object> inner = list("a");
    return list(inner, Collections.unmodifiableList(inner), inner, Map.of("k", inner));
  }

  @SuppressWarnings("NullAway") // maps that take null
  private static Map<Object, Object> mapOf(
      Map<Object, Object> map, @Nullable Object key, @Nullable Object value) {
    map.put(key, value);
    return map;
  }

  private static Map<Object, Object> byAccess() {
    Map<Object, Object> map = filled(new LinkedHashMap<>(16, 0.75f, true));
    map.get("key 7");
    return map;
  }

  private static Object identities() {
    IdentityHashMap<Object, Object> map = new IdentityHashMap<>();
    List<Object> key = list("a");
    map.put(key, key);
    return map;
  }

  private static Object properties() {
    Properties defaults = new Properties();
    defaults.setProperty("a", "default");
    Properties properties = new Properties(defaults);
    properties.setProperty("b", "set");
    return properties;
  }

  private static Set<String> caseless() {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(List.of("b", "A"));
    return set;
  }

  private static Object byLength() {
    Set<String> set = new TreeSet<>(new UserRows.ByLength());
    set.addAll(List.of("ccc", "a", "bb"));
    return set;
  }
}
