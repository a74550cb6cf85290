// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Around the serializers of objects that exist only after their contents: see the references. */
final class LateSerializer<T> extends Serializer<T> {

  private final Serializer<T> serializer;
  private final GraphReferences references;

  LateSerializer(Serializer<T> serializer, GraphReferences references) {
    this.serializer = serializer;
    this.references = references;
    setAcceptsNull(serializer.getAcceptsNull());
  }

  static boolean isJavaStream(Serializer<?> serializer) {
    return serializer instanceof LateSerializer<?> late
        && late.serializer instanceof JavaStreamSerializer;
  }

  @Override
  public void write(Kryo kryo, Output output, T object) {
    references.open(object);
    serializer.write(kryo, output, object);
    references.close(object);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    return serializer.read(kryo, input, type);
  }

  @Override
  public T copy(Kryo kryo, T original) {
    references.open(original);
    T copy = serializer.copy(kryo, original);
    references.close(original);
    return copy;
  }
}
