// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of keys and values: one byte that says how, then the payload.
 *
 * <pre>
 *   0x01  String   UTF-8                  0x04  byte[]  as it is
 *   0x02  Long     8 bytes, big-endian    0x10  a value by Kryo, with references
 *   0x03  Integer  4 bytes, big-endian    0x11  a key by Kryo, without: equal keys, equal bytes
 *                                         0x12  String that UTF-8 cannot hold, as UTF-16
 *                                         0x13  a value by Java serialization as a whole
 * </pre>
 *
 * <p>Kryo instances are not thread-safe and dear to make, hence the pools. An instance that failed
 * is not used again.
 */
public final class KryoValueCodec implements ValueCodec {

  private static final byte STRING = 0x01;
  private static final byte LONG = 0x02;
  private static final byte INTEGER = 0x03;
  private static final byte BYTES = 0x04;
  private static final byte VALUE = 0x10;
  private static final byte KEY = 0x11;
  private static final byte STRING_16 = 0x12;
  private static final byte JAVA = 0x13;
  private static final int POOLED = 64;

  private static final char MALFORMED = '\uFFFD';
  private static final int FIRST_BUFFER = 256;

  private final ClassLoader loader;
  private final AllowedTypes allowed;
  private final Pool<Kryo> values;
  private final Pool<Kryo> keys;

  private KryoValueCodec(ClassLoader loader, AllowedTypes allowed) {
    this.loader = loader;
    this.allowed = allowed;
    values = pool(loader, allowed, false);
    keys = pool(loader, allowed, true);
  }

  /**
   * A codec that reads only JDK value types, the given types with what their fields declare, and
   * classes that match a pattern.
   *
   * @param allowPatterns {@code com.acme.Order}, {@code com.acme.*} (one package) or {@code
   *     com.acme.**} (and below)
   * @param allowedTypes the cache's key and value types; {@code Object} allows nothing more
   */
  public static KryoValueCodec of(
      ClassLoader loader, List<String> allowPatterns, Class<?>... allowedTypes) {
    KryoSettings.apply();
    return new KryoValueCodec(loader, new AllowedTypes(allowPatterns, allowedTypes));
  }

  private static Pool<Kryo> pool(ClassLoader loader, AllowedTypes allowed, boolean keys) {
    return new Pool<>(true, true, POOLED) {
      @Override
      protected Kryo create() {
        return WarrenKryo.codec(allowed, loader, keys);
      }
    };
  }

  @Override
  public byte[] encode(Object value) {
    if (value instanceof byte[] bytes) {
      return tagged(BYTES, bytes);
    }
    byte[] simple = encodeSimple(value);
    if (simple != null) {
      return simple;
    }
    try {
      return encode(value, values, VALUE);
    } catch (CodecException e) {
      if (CycleException.canBeTied(e) && value instanceof Serializable) {
        return encodeWhole(value, e);
      }
      throw e;
    }
  }

  /*
   * Cycles that only Java serialization can tie again, and not all of those: a class may refuse what it
   * reads before the cycle is closed. Better the writer hears of that than every reader.
   */
  private byte[] encodeWhole(Object value, CodecException cycle) {
    try {
      byte[] bytes = tagged(JAVA, ShellWriter.write(value, o -> false, allowed::check).bytes());
      decodeWhole(bytes);
      return bytes;
    } catch (RuntimeException | StackOverflowError e) {
      boolean unreadable =
          e instanceof CodecException codec && codec.reason() == CodecException.Reason.CORRUPT;
      throw e instanceof CodecException denied && !unreadable ? denied : cycle;
    }
  }

  @Override
  public byte[] encodeKey(Object key) {
    byte[] simple = encodeSimple(key);
    return simple != null ? simple : encode(key, keys, KEY);
  }

  @Override
  public Object decode(byte[] bytes) {
    if (bytes.length == 0) {
      throw corrupt("no bytes", null);
    }
    return switch (bytes[0]) {
      case STRING -> decodeUtf8(bytes);
      case STRING_16 -> decodeUtf16(bytes);
      case LONG -> sized(bytes, Long.BYTES).getLong();
      case INTEGER -> sized(bytes, Integer.BYTES).getInt();
      case BYTES -> Arrays.copyOfRange(bytes, 1, bytes.length);
      case VALUE -> decode(bytes, values);
      case KEY -> decode(bytes, keys);
      case JAVA -> decodeWhole(bytes);
      default -> throw corrupt("unknown codec id " + bytes[0], null);
    };
  }

  private Object decodeWhole(byte[] bytes) {
    try {
      byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
      StreamVisits visits = new StreamVisits(stream.length);
      return ShellReader.read(stream, new Object[0], visits, allowed, loader);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw unreadable(bytes, e);
    }
  }

  private static byte @Nullable [] encodeSimple(Object object) {
    if (object instanceof String string) {
      return encodeString(string);
    }
    if (object instanceof Long number) {
      return ByteBuffer.allocate(1 + Long.BYTES).put(LONG).putLong(number).array();
    }
    if (object instanceof Integer number) {
      return ByteBuffer.allocate(1 + Integer.BYTES).put(INTEGER).putInt(number).array();
    }
    return null;
  }

  /* UTF-8 turns unpaired surrogates into '?', which would make different keys equal. */
  private static byte[] encodeString(String string) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    boolean exact =
        string.length() == utf8.length || new String(utf8, StandardCharsets.UTF_8).equals(string);
    return exact && !loneSurrogate(string)
        ? tagged(STRING, utf8)
        : tagged(STRING_16, utf16(string));
  }

  private static boolean loneSurrogate(String string) {
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        return string.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
      }
    }
    return false;
  }

  private static byte[] utf16(String string) {
    ByteBuffer buffer = ByteBuffer.allocate(2 * string.length());
    buffer.asCharBuffer().put(string);
    return buffer.array();
  }

  private static byte[] tagged(byte id, byte[] payload) {
    byte[] bytes = new byte[payload.length + 1];
    bytes[0] = id;
    System.arraycopy(payload, 0, bytes, 1, payload.length);
    return bytes;
  }

  /*
   * The constructor is many times as fast as a decoder, and puts U+FFFD where something is malformed.
   * Without one nothing was; with one the decoder tells whether it stood there.
   */
  private static String decodeUtf8(byte[] bytes) {
    String text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
    if (text.indexOf(MALFORMED) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1))
          .toString();
    } catch (CharacterCodingException e) {
      throw corrupt("a string that is not UTF-8", e);
    }
  }

  private static String decodeUtf16(byte[] bytes) {
    if (bytes.length % 2 == 0) {
      throw corrupt("half a character", null);
    }
    return ByteBuffer.wrap(bytes, 1, bytes.length - 1).asCharBuffer().toString();
  }

  private static ByteBuffer sized(byte[] bytes, int size) {
    if (bytes.length != 1 + size) {
      throw corrupt(bytes.length - 1 + " B for a number of " + size + " B", null);
    }
    return ByteBuffer.wrap(bytes, 1, size);
  }

  private static byte[] encode(Object object, Pool<Kryo> pool, byte id) {
    Kryo kryo = pool.obtain();
    Output output = new Output(FIRST_BUFFER, -1);
    output.writeByte(id);
    try {
      kryo.writeClassAndObject(output, object);
    } catch (RuntimeException | StackOverflowError e) {
      throw CodecException.of(
          e,
          CodecException.Reason.UNSUITABLE_TYPE,
          "Class " + object.getClass().getName() + " cannot be encoded");
    }
    long hashed = ((WarrenKryo) kryo).graph().hashed();
    pool.free(kryo);
    byte[] bytes = output.toBytes();
    if (hashed > WarrenInput.visits(bytes.length - 1)) {
      assertIsReadable(bytes, pool, object.getClass());
    }
    return bytes;
  }

  /*
   * Its hash codes visit so many objects that readers should refuse to ask for them. Better the writer
   * hears of that. (Another class loader may be missed here and be there where it is read.)
   */
  private static void assertIsReadable(byte[] bytes, Pool<Kryo> pool, Class<?> type) {
    try {
      decode(bytes, pool);
    } catch (CodecException e) {
      if (e.reason() != CodecException.Reason.CORRUPT) {
        return;
      }
      throw new CodecException(
          CodecException.Reason.UNSUITABLE_TYPE,
          "Class "
              + type.getName()
              + " cannot be encoded, since nobody could decode it: "
              + e.getMessage(),
          e);
    }
  }

  private static Object decode(byte[] bytes, Pool<Kryo> pool) {
    Kryo kryo = pool.obtain();
    Object object;
    int left;
    try (WarrenInput input = new WarrenInput(bytes, 1, bytes.length - 1)) {
      object = kryo.readClassAndObject(input);
      left = input.limit() - input.position();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw unreadable(bytes, e);
    }
    pool.free(kryo);
    if (object == null || left != 0) {
      throw corrupt(object == null ? "null" : left + " B too many", null);
    }
    return object;
  }

  private static CodecException corrupt(String what, @Nullable Throwable cause) {
    return new CodecException(
        CodecException.Reason.CORRUPT, "Corrupt key or value: " + what, cause);
  }

  private static CodecException unreadable(byte[] bytes, Throwable cause) {
    return CodecException.of(
        cause, CodecException.Reason.CORRUPT, "Corrupt key or value of " + bytes.length + " B");
  }
}
