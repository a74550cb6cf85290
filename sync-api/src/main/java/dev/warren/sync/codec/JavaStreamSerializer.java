// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;

/**
 * Java serialization for classes that define their own hooks. The stream may only name what {@link
 * AllowedTypes} allows; it is checked by name, before a class is loaded, and again by filter.
 */
final class JavaStreamSerializer extends Serializer<Object> {

  private static final long MAX_DEPTH = 500;

  private final AllowedTypes allowed;
  private final ClassLoader loader;

  JavaStreamSerializer(AllowedTypes allowed, ClassLoader loader) {
    this.allowed = allowed;
    this.loader = loader;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    byte[] bytes = toBytes(object);
    output.writeVarInt(bytes.length, true);
    output.writeBytes(bytes);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    byte[] bytes = input.readBytes(input.readVarInt(true));
    Object object = fromBytes(bytes);
    if (!type.isInstance(object)) {
      throw new KryoException("Java stream does not hold a " + type.getName());
    }
    return object;
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    return fromBytes(toBytes(original));
  }

  private static byte[] toBytes(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new KryoException("Java serialization of " + object.getClass().getName(), e);
    }
    return bytes.toByteArray();
  }

  private Object fromBytes(byte[] bytes) {
    try (ObjectInputStream in = new FilteredStream(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(info -> filter(info, bytes.length));
      return in.readObject();
    } catch (IOException e) {
      throw new KryoException("Java deserialization", e);
    } catch (ClassNotFoundException e) {
      throw WarrenClassResolver.missing(String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectInputFilter.Status filter(ObjectInputFilter.FilterInfo info, int size) {
    Class<?> type = info.serialClass();
    boolean tooLarge =
        info.depth() > MAX_DEPTH
            || info.arrayLength() > (long) size + WarrenInput.SLACK
            || info.references() > size;
    boolean refused = type != null && !type.isPrimitive() && !allowed.test(type.getName());
    return tooLarge || refused
        ? ObjectInputFilter.Status.REJECTED
        : ObjectInputFilter.Status.ALLOWED;
  }

  private final class FilteredStream extends ObjectInputStream {
    FilteredStream(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      allowed.check(description.getName());
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      for (String name : interfaces) {
        allowed.check(name);
      }
      return super.resolveProxyClass(interfaces);
    }
  }
}
