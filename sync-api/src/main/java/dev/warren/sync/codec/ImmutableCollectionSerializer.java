// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code List.of}, {@code Set.of}, {@code Map.of}, their {@code copyOf} and {@code
 * Stream.toList} make. Nothing is copied if no element has to be.
 */
final class ImmutableCollectionSerializer extends Serializer<Object> {

  private enum Kind {
    LIST,
    SET,
    MAP
  }

  private final Kind kind;

  private ImmutableCollectionSerializer(Kind kind) {
    this.kind = kind;
  }

  static @Nullable Serializer<?> of(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "List12", "ListN" -> new ImmutableCollectionSerializer(Kind.LIST);
      case "Set12", "SetN" -> new ImmutableCollectionSerializer(Kind.SET);
      case "Map1", "MapN" -> new ImmutableCollectionSerializer(Kind.MAP);
      default -> null;
    };
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    output.writeBoolean(kind == Kind.LIST && takesNull((List<?>) object));
    GraphReferences graph = ((WarrenKryo) kryo).graph();
    long before = graph.visits();
    Contents.write(kryo, output, elements(object));
    if (kind != Kind.LIST) {
      graph.hashing(graph.visits() - before);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    boolean takesNull = input.readBoolean();
    GraphReferences graph = ((WarrenKryo) kryo).graph();
    long before = graph.visits();
    @Nullable Object[] elements = Contents.read(kryo, input);
    if (kind != Kind.LIST) {
      ((WarrenInput) input).hashing(graph.visits() - before);
    }
    return make(elements, takesNull);
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    @Nullable Object[] elements = elements(original);
    @Nullable Object[] copies = Contents.copy(kryo, elements);
    return copies == elements
        ? original
        : make(copies, kind == Kind.LIST && takesNull((List<?>) original));
  }

  /* A map's keys and values in turn. */
  private @Nullable Object[] elements(Object object) {
    if (kind == Kind.LIST) {
      return ((List<?>) object).toArray();
    }
    if (kind == Kind.SET) {
      return ((Set<?>) object).toArray();
    }
    Map<?, ?> map = (Map<?, ?>) object;
    @Nullable Object[] elements = new @Nullable Object[2 * map.size()];
    int i = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      elements[i++] = entry.getKey();
      elements[i++] = entry.getValue();
    }
    return elements;
  }

  @SuppressWarnings("NullAway") // elements are checked by what is called
  private Object make(@Nullable Object[] elements, boolean takesNull) {
    return switch (kind) {
      case LIST -> takesNull ? Arrays.stream(elements).toList() : List.of(elements);
      case SET -> Set.of(elements);
      case MAP -> {
        Map.Entry<?, ?>[] entries = new Map.Entry<?, ?>[elements.length / 2];
        for (int i = 0; i < entries.length; i++) {
          entries[i] = Map.entry(elements[2 * i], elements[2 * i + 1]);
        }
        yield Map.ofEntries(entries);
      }
    };
  }

  /* Only lists of Stream.toList let themselves be asked for null. */
  private static boolean takesNull(List<?> list) {
    try {
      return list.indexOf(null) < list.size();
    } catch (NullPointerException e) {
      return false;
    }
  }
}
