// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects by their fields, as Java serialization has it: all that are neither static nor transient,
 * of superclasses and enclosing instances too.
 *
 * <pre>
 *   first object of a class in a graph:  number of fields, their names
 *   every object:                        class and value of each, in this order
 * </pre>
 *
 * <p>Fields are matched by name, so that they may be added and removed between versions: a value
 * without a field is dropped, a field without a value is as the new object has it.
 */
final class FieldsSerializer extends Serializer<Object> {

  private final Class<?> type;
  private final Field[] fields;
  private final String[] names;
  private final Map<String, Field> byName = new HashMap<>();
  private @Nullable FieldsPlan plan;

  FieldsSerializer(Class<?> type) {
    this.type = type;
    List<Field> found = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
          found.add(open(field));
        }
      }
    }
    for (Field field : found) {
      byName.merge(field.getName(), field, (subclass, shadowed) -> subclass);
    }
    for (Field field : found) {
      byName.putIfAbsent(nameOf(field), field);
    }
    found.sort(Comparator.comparing(this::nameOf));
    fields = found.toArray(new Field[0]);
    names = Arrays.stream(fields).map(this::nameOf).toArray(String[]::new);
  }

  /* A field that a subclass hides is told apart by its class. */
  private String nameOf(Field field) {
    return field.equals(byName.get(field.getName()))
        ? field.getName()
        : field.getDeclaringClass().getName() + '.' + field.getName();
  }

  private Field open(Field field) {
    try {
      field.setAccessible(true);
      return field;
    } catch (InaccessibleObjectException e) {
      throw CodecException.unsuitable(
          type,
          "its superclass " + field.getDeclaringClass().getName() + " keeps its fields closed");
    }
  }

  @Override
  @SuppressWarnings("unchecked") // Kryo's context is of a raw type
  public void write(Kryo kryo, Output output, Object object) {
    if (!kryo.getGraphContext().containsKey(this)) {
      kryo.getGraphContext().put(this, fields);
      output.writeVarInt(names.length, true);
      for (String name : names) {
        output.writeString(name);
      }
    }
    for (Field field : fields) {
      kryo.writeClassAndObject(output, get(field, object));
    }
  }

  @Override
  @SuppressWarnings("unchecked") // Kryo's context is of a raw type
  public Object read(Kryo kryo, Input input, Class<? extends Object> valueType) {
    Object object = kryo.newInstance(type);
    kryo.reference(object);
    @Nullable Field[] written = (@Nullable Field[]) kryo.getGraphContext().get(this);
    if (written == null) {
      written = readNames(input);
      kryo.getGraphContext().put(this, written);
    }
    for (Field field : written) {
      Object value = kryo.readClassAndObject(input);
      if (field != null && (value != null || !field.getType().isPrimitive())) {
        set(field, object, value);
      }
    }
    return object;
  }

  private @Nullable Field[] readNames(Input input) {
    @Nullable Field[] written = new @Nullable Field[Contents.length(input)];
    for (int i = 0; i < written.length; i++) {
      written[i] = byName.get(input.readString());
    }
    return written;
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    return plan().copy(((WarrenKryo) kryo).copying(), original);
  }

  /** How objects of this class are copied. */
  CopyPlan plan() {
    FieldsPlan made = plan;
    if (made == null) {
      made = new FieldsPlan(type, fields);
      plan = made;
    }
    return made;
  }

  private @Nullable Object get(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new KryoException("field " + field, e);
    }
  }

  private void set(Field field, Object object, @Nullable Object value) {
    try {
      field.set(object, value);
    } catch (IllegalAccessException | IllegalArgumentException e) {
      throw new KryoException("field " + field + " does not take " + e.getMessage(), e);
    }
  }
}
