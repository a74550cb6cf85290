// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's mutable collections: made empty, so that their elements may refer to them, then filled.
 * Capacities are those that Java serialization chooses: hash tables then iterate alike.
 */
final class CollectionContents extends Serializer<Collection<Object>> implements CopyPlan {

  /** Makes an empty collection for so many elements. */
  private final BiFunction<Integer, @Nullable Comparator<Object>, Collection<Object>> create;

  private final @Nullable Function<Collection<Object>, @Nullable Comparator<Object>> comparator;

  /**
   * @param comparator of a sorted collection; null if the collection is not sorted
   */
  CollectionContents(
      BiFunction<Integer, @Nullable Comparator<Object>, Collection<Object>> create,
      @Nullable Function<Collection<Object>, @Nullable Comparator<Object>> comparator) {
    this.create = create;
    this.comparator = comparator;
  }

  @Override
  public void write(Kryo kryo, Output output, Collection<Object> collection) {
    if (comparator != null) {
      kryo.writeClassAndObject(output, comparator.apply(collection));
    }
    if (collection instanceof List) {
      Contents.write(kryo, output, collection.toArray());
    } else {
      Contents.writeAllHashed(kryo, output, collection.toArray());
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Collection<Object> read(Kryo kryo, Input input, Class<? extends Collection<Object>> type) {
    Comparator<Object> order =
        comparator == null ? null : (Comparator<Object>) kryo.readClassAndObject(input);
    int size = Contents.length(input);
    Collection<Object> collection = create.apply(size, order);
    kryo.reference(collection);
    @Nullable Object[] elements = new @Nullable Object[size];
    boolean hashed = !(collection instanceof List);
    for (int i = 0; i < size; i++) {
      elements[i] = hashed ? Contents.readHashed(kryo, input) : kryo.readClassAndObject(input);
    }
    return fill(collection, elements);
  }

  @Override
  @SuppressWarnings("unchecked") // a collection's copy is one
  public Collection<Object> copy(Kryo kryo, Collection<Object> original) {
    return (Collection<Object>) copy(((WarrenKryo) kryo).copying(), original);
  }

  @Override
  @SuppressWarnings("unchecked") // what it is registered for
  public Object copy(CopyGraph graph, Object original) {
    Collection<Object> collection = (Collection<Object>) original;
    return original.getClass() == ArrayList.class
        ? copyList(graph, collection)
        : copyOf(graph, collection);
  }

  @SuppressWarnings("unchecked") // a comparator's copy is one
  private Collection<Object> copyOf(CopyGraph graph, Collection<Object> original) {
    @Nullable Object[] elements = original.toArray();
    Comparator<Object> order = comparator == null ? null : comparator.apply(original);
    if (order != null && !graph.isShared(order)) {
      graph.open(original);
      order = (Comparator<Object>) graph.copy(order);
      graph.close(original);
    }
    Collection<Object> copy = create.apply(elements.length, order);
    graph.note(original, copy);
    return fill(copy, graph.copyAll(elements));
  }

  /* The most frequent one, and most often of what is shared. Else it is empty until its elements are
  copied, as all others are: hash codes of it may be asked for. */
  private static List<Object> copyList(CopyGraph graph, Collection<Object> original) {
    List<Object> copy = new ArrayList<>(original);
    graph.note(original, copy);
    for (int i = 0; i < copy.size(); i++) {
      if (!graph.isShared(copy.get(i))) {
        @Nullable Object[] elements = copy.toArray();
        copy.clear();
        copy.addAll(Arrays.asList(graph.copyAll(elements)));
        break;
      }
    }
    return copy;
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // elements may be null where the collection allows it
  private static Collection<Object> fill(
      Collection<Object> collection, @Nullable Object[] elements) {
    if (collection instanceof ArrayList
        || collection instanceof java.util.concurrent.CopyOnWriteArrayList) {
      collection.addAll(Arrays.asList(elements));
    } else {
      for (Object element : elements) {
        collection.add(element);
      }
    }
    return collection;
  }
}
