// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Arrays of objects, of arrays too. */
final class ObjectArraySerializer extends Serializer<@Nullable Object[]> implements CopyPlan {

  private final Class<?> component;
  private final boolean shareElements;

  ObjectArraySerializer(Class<?> array) {
    component = array.getComponentType();
    shareElements = Modifier.isFinal(component.getModifiers()) && Immutables.contains(component);
  }

  @Override
  public void write(Kryo kryo, Output output, @Nullable Object[] array) {
    Contents.write(kryo, output, array);
  }

  @Override
  public @Nullable Object[] read(Kryo kryo, Input input, Class<? extends @Nullable Object[]> type) {
    @Nullable Object[] array =
        (@Nullable Object[]) Array.newInstance(component, Contents.length(input));
    kryo.reference(array);
    for (int i = 0; i < array.length; i++) {
      array[i] = kryo.readClassAndObject(input);
    }
    return array;
  }

  @Override
  public @Nullable Object[] copy(Kryo kryo, @Nullable Object[] original) {
    return copyOf(((WarrenKryo) kryo).copying(), original);
  }

  @Override
  public Object copy(CopyGraph graph, Object original) {
    return copyOf(graph, (@Nullable Object[]) original);
  }

  private @Nullable Object[] copyOf(CopyGraph graph, @Nullable Object[] original) {
    @Nullable Object[] copy = original.clone();
    graph.note(original, copy);
    if (!shareElements) {
      for (int i = 0; i < copy.length; i++) {
        copy[i] = graph.copy(copy[i]);
      }
    }
    return copy;
  }
}
