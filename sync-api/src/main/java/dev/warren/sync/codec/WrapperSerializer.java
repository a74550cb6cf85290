// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects that are made from another one, which is carried instead of them. */
final class WrapperSerializer<T> extends Serializer<T> {

  private final Function<T, @Nullable Object> toPlain;
  private final Function<@Nullable Object, T> fromPlain;

  WrapperSerializer(
      Function<T, @Nullable Object> toPlain, Function<@Nullable Object, T> fromPlain) {
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
    Object plain = toPlain.apply(original);
    Object copy = Contents.copy(kryo, plain);
    return copy == plain ? original : fromPlain.apply(copy);
  }
}
