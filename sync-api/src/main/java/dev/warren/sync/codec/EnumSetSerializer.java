// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.EnumSet;

/** EnumSet hides its type: an empty one is carried by Java serialization, others by constants. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class EnumSetSerializer extends Serializer<EnumSet> {

  private final JavaStreamSerializer empty;

  EnumSetSerializer(AllowedTypes allowed, ClassLoader loader) {
    empty = new JavaStreamSerializer(allowed, loader);
  }

  @Override
  public void write(Kryo kryo, Output output, EnumSet set) {
    output.writeVarInt(set.size(), true);
    if (set.isEmpty()) {
      empty.write(kryo, output, set);
    }
    for (Object constant : set) {
      kryo.writeClassAndObject(output, constant);
    }
  }

  @Override
  public EnumSet read(Kryo kryo, Input input, Class<? extends EnumSet> type) {
    int size = Contents.length(input);
    if (size == 0) {
      return (EnumSet) empty.read(kryo, input, type);
    }
    EnumSet set = EnumSet.of(constant(kryo, input));
    for (int i = 1; i < size; i++) {
      set.add(constant(kryo, input));
    }
    return set;
  }

  static Enum constant(Kryo kryo, Input input) {
    if (kryo.readClassAndObject(input) instanceof Enum constant) {
      return constant;
    }
    throw new KryoException("no enum constant where one must be");
  }

  @Override
  public EnumSet copy(Kryo kryo, EnumSet original) {
    return original.clone();
  }
}
