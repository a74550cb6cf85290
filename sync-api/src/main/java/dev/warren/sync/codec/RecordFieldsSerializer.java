// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records by component name, so that components may be added and removed between versions; made by
 * their canonical constructor. A record none of whose components had to be copied is shared.
 */
final class RecordFieldsSerializer extends Serializer<Object> {

  private final String[] names;
  private final Class<?>[] types;
  private final Field[] fields;
  private final Constructor<?> constructor;

  RecordFieldsSerializer(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    names = Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    fields = new Field[names.length];
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      for (int i = 0; i < names.length; i++) {
        fields[i] = type.getDeclaredField(names[i]);
        fields[i].setAccessible(true); // accessors may be the user's, and say something else
      }
    } catch (ReflectiveOperationException e) {
      throw new KryoException("record " + type.getName(), e);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    output.writeVarInt(names.length, true);
    for (int i = 0; i < names.length; i++) {
      output.writeString(names[i]);
      kryo.writeClassAndObject(output, get(i, object));
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    Map<String, @Nullable Object> found = new HashMap<>();
    int count = Contents.length(input);
    for (int i = 0; i < count; i++) {
      found.put(input.readString(), kryo.readClassAndObject(input));
    }
    @Nullable Object[] values = new @Nullable Object[names.length];
    for (int i = 0; i < names.length; i++) {
      Object value = found.get(names[i]);
      values[i] = value == null && types[i].isPrimitive() ? zero(types[i]) : value;
    }
    return create(values);
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    @Nullable Object[] values = new @Nullable Object[names.length];
    boolean same = true;
    for (int i = 0; i < names.length; i++) {
      Object value = get(i, original);
      values[i] = Contents.copy(kryo, value);
      same &= values[i] == value;
    }
    return same ? original : create(values);
  }

  private static Object zero(Class<?> primitive) {
    return Array.get(Array.newInstance(primitive, 1), 0);
  }

  private @Nullable Object get(int index, Object object) {
    try {
      return fields[index].get(object);
    } catch (ReflectiveOperationException e) {
      throw new KryoException("component " + names[index], e);
    }
  }

  private Object create(@Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new KryoException("record " + constructor.getDeclaringClass().getName(), e);
    }
  }
}
