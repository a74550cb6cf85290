// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's mutable maps: made empty, so that their contents may refer to them, then filled.
 * Capacities are those that Java serialization chooses: hash tables then iterate alike.
 */
final class MapContents extends Serializer<Map<Object, Object>> implements CopyPlan {

  /** What there is to know of a map besides its entries. */
  record Shape(int size, boolean byAccess, @Nullable Comparator<Object> order) {

    /** As large as Java serialization makes it. */
    int hashCapacity() {
      return Math.max(16, (int) (size / 0.75f + 1.0f));
    }
  }

  /** Makes an empty map. */
  interface Maker {
    Map<Object, Object> make(Shape shape);
  }

  private final Maker maker;
  private final boolean sorted;
  private final boolean linked;

  private MapContents(Maker maker, boolean sorted, boolean linked) {
    this.maker = maker;
    this.sorted = sorted;
    this.linked = linked;
  }

  static MapContents of(Maker maker) {
    return new MapContents(maker, false, false);
  }

  static MapContents sorted(Maker maker) {
    return new MapContents(maker, true, false);
  }

  /** For maps that may be in access order. */
  static MapContents linked(Maker maker) {
    return new MapContents(maker, false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, Map<Object, Object> map) {
    if (sorted) {
      kryo.writeClassAndObject(output, orderOf(map));
    }
    if (linked) {
      output.writeBoolean(isByAccess(map));
    }
    List<Map.Entry<Object, Object>> entries = JdkTypes.entriesOf(map);
    output.writeVarInt(entries.size(), true);
    for (Map.Entry<Object, Object> entry : entries) {
      Contents.writeHashed(kryo, output, entry.getKey());
      kryo.writeClassAndObject(output, entry.getValue());
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Map<Object, Object> read(
      Kryo kryo, Input input, Class<? extends Map<Object, Object>> type) {
    Comparator<Object> order = sorted ? (Comparator<Object>) kryo.readClassAndObject(input) : null;
    boolean byAccess = linked && input.readBoolean();
    int size = Contents.length(input);
    Map<Object, Object> map = maker.make(new Shape(size, byAccess, order));
    kryo.reference(map);
    @Nullable Object[] contents = new @Nullable Object[2 * size];
    for (int i = 0; i < contents.length; i += 2) {
      contents[i] = Contents.readHashed(kryo, input);
      contents[i + 1] = kryo.readClassAndObject(input);
    }
    fill(map, contents);
    return map;
  }

  @Override
  public Map<Object, Object> copy(Kryo kryo, Map<Object, Object> original) {
    return copyOf(((WarrenKryo) kryo).copying(), original);
  }

  @Override
  @SuppressWarnings("unchecked") // what it is registered for
  public Object copy(CopyGraph graph, Object original) {
    return copyOf(graph, (Map<Object, Object>) original);
  }

  @SuppressWarnings("unchecked") // a comparator's copy is one
  private Map<Object, Object> copyOf(CopyGraph graph, Map<Object, Object> original) {
    List<Map.Entry<Object, Object>> entries = JdkTypes.entriesOf(original);
    Comparator<Object> order = sorted ? orderOf(original) : null;
    if (order != null && !graph.isShared(order)) {
      graph.open(original);
      order = (Comparator<Object>) graph.copy(order);
      graph.close(original);
    }
    Map<Object, Object> copy =
        maker.make(new Shape(entries.size(), linked && isByAccess(original), order));
    graph.note(original, copy);
    @Nullable Object[] contents = new @Nullable Object[2 * entries.size()];
    int i = 0;
    for (Map.Entry<Object, Object> entry : entries) {
      contents[i++] = graph.copy(entry.getKey());
      contents[i++] = graph.copy(entry.getValue());
    }
    fill(copy, contents);
    return copy;
  }

  @SuppressWarnings("NullAway") // contents may be null where the map allows it
  private static void fill(Map<Object, Object> map, @Nullable Object[] contents) {
    for (int i = 0; i < contents.length; i += 2) {
      map.put(contents[i], contents[i + 1]);
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparator<Object> orderOf(Map<Object, Object> map) {
    return (Comparator<Object>) ((SortedMap<?, ?>) map).comparator();
  }

  /* A LinkedHashMap does not say in which order it is, but a clone of it can be tried. */
  @SuppressWarnings("unchecked")
  private static boolean isByAccess(Map<Object, Object> map) {
    if (map.getClass() != LinkedHashMap.class) {
      return false; // a view that becomes one
    }
    Map<Object, Object> trial = (Map<Object, Object>) ((LinkedHashMap<Object, Object>) map).clone();
    trial.clear();
    trial.put(1, 1);
    trial.put(2, 2);
    trial.get(1);
    return trial.keySet().iterator().next().equals(2);
  }
}
