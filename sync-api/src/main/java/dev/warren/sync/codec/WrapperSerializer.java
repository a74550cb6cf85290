// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;

/**
 * Classes that Kryo cannot create: their contents are carried in a plain collection (or another
 * substitute) and wrapped again, so that an unmodifiable list stays one and a view becomes a copy.
 */
final class WrapperSerializer<T> extends Serializer<T> {

  private final Function<T, Object> toPlain;
  private final Function<Object, T> fromPlain;

  WrapperSerializer(Function<T, Object> toPlain, Function<Object, T> fromPlain) {
    this.toPlain = toPlain;
    this.fromPlain = fromPlain;
  }

  @Override
  public void write(Kryo kryo, Output output, T object) {
    kryo.writeClassAndObject(output, toPlain.apply(object));
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    return fromPlain.apply(kryo.readClassAndObject(input));
  }

  @Override
  public T copy(Kryo kryo, T original) {
    return fromPlain.apply(kryo.copy(toPlain.apply(original)));
  }
}
