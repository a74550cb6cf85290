// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Objects as users cache them. */
@SuppressWarnings({"ReferenceEquality", "JavaUtilDate", "JdkObsolete"}) // users cache such things
final class Samples {

  private Samples() {}

  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  record Point(int x, long y, String label, List<Colour> colours) {}

  static final class Order {
    private final String id;
    private final List<Point> points = new ArrayList<>();
    private Order parent = this;

    Order(String id, Point... points) {
      this.id = id;
      Collections.addAll(this.points, points);
    }

    boolean isOwnParent() {
      return parent == this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Order o && o.id.equals(id) && o.points.equals(points);
    }

    @Override
    public int hashCode() {
      return Objects.hash(id, points);
    }
  }

  static final class Hooked implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String name;
    private transient int length;

    Hooked(String name) {
      this.name = name;
      this.length = name.length();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      length = name.length();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Hooked h && h.name.equals(name) && h.length == length;
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** Writes itself. */
  public static final class External implements Externalizable {
    private static final long serialVersionUID = 1L;
    private String name = "";

    public External() {}

    External(String name) {
      this.name = name;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeUTF(name);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
      name = in.readUTF();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof External e && e.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  static final Class<?>[] TYPES = {
    Order.class, Point.class, Hooked.class, External.class, Colour.class
  };

  static Stream<Object> all() {
    List<String> abc = new ArrayList<>(List.of("a", "b", "c", "d"));
    EnumMap<Colour, Integer> colours = new EnumMap<>(Map.of(Colour.RED, 1, Colour.GREEN, 2));
    Point point = new Point(1, 2L, "p", List.of(Colour.GREEN));
    TreeMap<String, Integer> reversed = new TreeMap<>(Collections.reverseOrder());
    reversed.putAll(Map.of("a", 1, "b", 2));
    return Stream.of(
        "text ä \ud83d\ude00",
        "\ud800",
        1L,
        2,
        (short) 3,
        (byte) 4,
        'c',
        1.5f,
        2.5d,
        true,
        new byte[] {1, 2},
        new int[] {1, 2},
        new long[] {5},
        new String[] {"a"},
        new Point[] {point},
        new int[][] {{1}, {2, 3}},
        new BigDecimal("12.345"),
        BigInteger.TEN.pow(40),
        new UUID(1, 2),
        URI.create("http://localhost/x"),
        Locale.GERMANY,
        Currency.getInstance("EUR"),
        new Date(5),
        new java.sql.Timestamp(7),
        Instant.ofEpochSecond(5, 999_999_999),
        Duration.ofNanos(999_999_999),
        Period.ofDays(3),
        LocalDate.of(2024, 2, 29),
        LocalTime.of(1, 2, 3, 999_999_999),
        LocalDateTime.of(2024, 1, 1, 1, 1),
        OffsetDateTime.of(2024, 1, 1, 1, 1, 1, 1, ZoneOffset.UTC),
        ZonedDateTime.of(2024, 1, 1, 1, 1, 1, 1, ZoneId.of("Europe/Berlin")),
        Year.of(2024),
        ZoneId.of("Europe/Berlin"),
        TimeUnit.DAYS,
        Colour.RED,
        Colour.GREEN,
        Optional.of("x"),
        Optional.empty(),
        BitSet.valueOf(new long[] {5}),
        List.of(),
        List.of(1),
        List.of(1, 2, 3),
        Set.of(1, 2, 3),
        Map.of("a", 1, "b", 2),
        Arrays.asList(1, null),
        abc,
        abc.subList(1, 3),
        new LinkedList<>(abc).subList(1, 3),
        List.of(1, 2, 3, 4).subList(1, 3),
        Collections.unmodifiableList(abc),
        Collections.unmodifiableSet(new HashSet<>(abc)),
        Collections.unmodifiableMap(new HashMap<>(Map.of("a", point))),
        Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("a", 1))),
        Collections.unmodifiableSortedSet(new TreeSet<>(abc)),
        Collections.synchronizedList(abc),
        Collections.synchronizedMap(new HashMap<>(Map.of("a", 1))),
        Collections.synchronizedSet(new HashSet<>(abc)),
        Collections.emptyList(),
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.singletonList("a"),
        Collections.singleton("a"),
        Collections.singletonMap("a", 1),
        Collections.nCopies(3, "a"),
        new HashMap<>(Map.of("a", 1)).keySet(),
        new LinkedList<>(abc),
        new HashSet<>(abc),
        new LinkedHashMap<>(Map.of("a", 1)),
        reversed,
        new TreeSet<>(abc),
        new ConcurrentHashMap<>(Map.of("a", 1)),
        new CopyOnWriteArrayList<>(abc),
        EnumSet.of(Colour.RED),
        EnumSet.noneOf(Colour.class),
        colours,
        new EnumMap<Colour, Integer>(Colour.class),
        Map.entry("a", 1),
        new java.util.AbstractMap.SimpleEntry<>("a", 1),
        point,
        new Order("o", point, point),
        new Hooked("hooked"),
        new External("external"),
        List.of(new Hooked("x"), new Order("y")));
  }

  /** Compared by something other than equals. */
  static Stream<Object> byContents() {
    return Stream.of(
        Collections.unmodifiableCollection(new ArrayList<>(List.of("a", "b"))),
        new HashMap<>(Map.of("a", 1)).values(),
        new ArrayDeque<>(List.of("a", "b")));
  }
}
