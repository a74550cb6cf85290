// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Elements, components and fields: what every serializer here does with the objects within. */
final class Contents {

  private Contents() {}

  static @Nullable Object copy(Kryo kryo, @Nullable Object object) {
    return object == null || Immutables.contains(object.getClass()) ? object : kryo.copy(object);
  }

  static void write(Kryo kryo, Output output, @Nullable Object[] elements) {
    output.writeVarInt(elements.length, true);
    for (Object element : elements) {
      kryo.writeClassAndObject(output, element);
    }
  }

  /** As {@link #write}, of elements whose hash codes will be asked for. */
  static void writeAllHashed(Kryo kryo, Output output, @Nullable Object[] elements) {
    output.writeVarInt(elements.length, true);
    for (Object element : elements) {
      writeHashed(kryo, output, element);
    }
  }

  /** What {@link #readHashed} reads. */
  static void writeHashed(Kryo kryo, Output output, @Nullable Object element) {
    GraphReferences graph = ((WarrenKryo) kryo).graph();
    long before = graph.visits();
    kryo.writeClassAndObject(output, element);
    graph.hashing(graph.visits() - before);
  }

  static @Nullable Object[] read(Kryo kryo, Input input) {
    @Nullable Object[] elements = new @Nullable Object[length(input)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = kryo.readClassAndObject(input);
    }
    return elements;
  }

  /** One object whose hash code will be asked for, or that will be compared. */
  static @Nullable Object readHashed(Kryo kryo, Input input) {
    GraphReferences graph = ((WarrenKryo) kryo).graph();
    long before = graph.visits();
    Object object = kryo.readClassAndObject(input);
    ((WarrenInput) input).hashing(graph.visits() - before);
    return object;
  }

  /** A number of elements, refused where the bytes left cannot hold them. */
  static int length(Input input) {
    return ((WarrenInput) input).readLength();
  }

  /** The copies, or the very same array if nothing in it had to be copied. */
  static @Nullable Object[] copy(Kryo kryo, @Nullable Object[] elements) {
    @Nullable Object[] copies = elements;
    for (int i = 0; i < elements.length; i++) {
      Object copy = copy(kryo, elements[i]);
      if (copy != elements[i] && copies == elements) {
        copies = elements.clone();
      }
      copies[i] = copy;
    }
    return copies;
  }
}
