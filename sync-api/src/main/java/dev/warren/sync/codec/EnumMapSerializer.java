// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.EnumMap;
import java.util.Map;

/** EnumMap hides its key type: an empty one is carried by Java serialization, others by entries. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class EnumMapSerializer extends Serializer<EnumMap> {

  private final JavaStreamSerializer empty;

  EnumMapSerializer(AllowedTypes allowed, ClassLoader loader) {
    empty = new JavaStreamSerializer(allowed, loader);
  }

  @Override
  public void write(Kryo kryo, Output output, EnumMap map) {
    output.writeVarInt(map.size(), true);
    if (map.isEmpty()) {
      empty.write(kryo, output, map);
      return;
    }
    for (Map.Entry<?, ?> entry : ((EnumMap<?, ?>) map).entrySet()) {
      kryo.writeClassAndObject(output, entry.getKey());
      kryo.writeClassAndObject(output, entry.getValue());
    }
  }

  @Override
  public EnumMap read(Kryo kryo, Input input, Class<? extends EnumMap> type) {
    int size = Contents.length(input);
    if (size == 0) {
      return (EnumMap) empty.read(kryo, input, type);
    }
    Enum first = EnumSetSerializer.constant(kryo, input);
    EnumMap map = new EnumMap(first.getDeclaringClass());
    kryo.reference(map);
    map.put(first, kryo.readClassAndObject(input));
    for (int i = 1; i < size; i++) {
      Enum key = EnumSetSerializer.constant(kryo, input);
      map.put(key, kryo.readClassAndObject(input));
    }
    return map;
  }

  @Override
  public EnumMap copy(Kryo kryo, EnumMap original) {
    EnumMap copy = original.clone();
    kryo.reference(copy);
    copy.replaceAll((key, value) -> Contents.copy(kryo, value));
    return copy;
  }
}
