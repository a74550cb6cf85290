// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.UncheckedIOException;
import java.util.List;

/** Bytes as no encoder makes them. */
final class CraftedBytes {

  static final byte VALUE = 0x10;
  static final byte KEY = 0x11;
  static final byte JAVA = 0x13;

  private CraftedBytes() {}

  /** A value as the encoder makes it, which also looks whether anybody could read it. */
  static byte[] byKryo(Object value) {
    Output out = new Output(256, -1);
    out.writeByte(VALUE);
    WarrenKryo.codec(AllowedTypes.ALL, CraftedBytes.class.getClassLoader(), false)
        .writeClassAndObject(out, value);
    return out.toBytes();
  }

  static byte[] named(byte id, String name) {
    Output out = new Output(64, -1);
    out.writeByte(id);
    className(out, 0, name);
    return out.toBytes();
  }

  /* As Kryo does: 1 for "by name", the number of the name, the name. */
  private static void className(Output out, int number, String name) {
    out.writeVarInt(1, true);
    out.writeVarInt(number, true);
    out.writeString(name);
  }

  static byte[] withinList(String name) {
    Output out = new Output(64, -1);
    out.writeByte(VALUE);
    className(out, 0, "java.util.ArrayList");
    out.writeVarInt(1, true); // no reference
    out.writeVarInt(1, true); // elements
    className(out, 1, name);
    return out.toBytes();
  }

  static byte[] announced(String type, int length) {
    Output out = new Output(64, -1);
    out.writeByte(VALUE);
    className(out, 0, type);
    out.writeVarInt(1, true);
    out.writeVarInt(length, true);
    out.writeBytes(new byte[8]);
    return out.toBytes();
  }

  /* Each announces what the bytes behind could just hold. */
  static byte[] announcedArrays() {
    int bytes = 100_000;
    Output out = new Output(64, -1);
    out.writeByte(VALUE);
    className(out, 0, "[Ljava.lang.Object;");
    out.writeVarInt(1, true);
    out.writeVarInt(bytes, true);
    while (out.position() < bytes) {
      out.writeVarInt(1, true);
      out.writeVarInt(0, true);
      out.writeVarInt(1, true);
      out.writeVarInt(bytes - out.position(), true);
    }
    return out.toBytes();
  }

  static byte[] nestedLists(int depth) {
    Output out = new Output(64, -1);
    out.writeByte(VALUE);
    className(out, 0, "java.util.ArrayList");
    for (int i = 0; i < depth; i++) {
      if (i > 0) {
        out.writeVarInt(1, true);
        out.writeVarInt(0, true);
      }
      out.writeVarInt(1, true);
      out.writeVarInt(1, true);
    }
    return out.toBytes();
  }

  /* The first of the classes that a codec knows by number: see WarrenKryo. */
  static byte[] withStream(byte[] stream) {
    KryoValueCodec open = KryoValueCodec.of(CraftedBytes.class.getClassLoader(), List.of("**"));
    byte[] hooked = open.encode(new Samples.Hooked("x"));
    Output out = new Output(64, -1);
    out.writeByte(VALUE);
    out.writeByte(hooked[1]); // the number of Java streams
    out.writeVarInt(1, true); // no reference
    out.writeVarInt(0, true); // leaves
    out.writeVarInt(stream.length, true);
    out.writeBytes(stream);
    return out.toBytes();
  }

  static byte[] javaBytes(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  /** Writes the rest of a stream. */
  interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  static byte[] streamOf(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
      out.writeShort(ObjectStreamConstants.STREAM_VERSION);
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void classDescription(DataOutputStream out, String name) throws IOException {
    out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
    out.writeUTF(name);
    out.writeLong(1);
    out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
    out.writeShort(0);
    out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
    out.writeByte(ObjectStreamConstants.TC_NULL);
  }

  static byte[] stream(String name) {
    return streamOf(
        out -> {
          out.writeByte(ObjectStreamConstants.TC_OBJECT);
          classDescription(out, name);
        });
  }

  static byte[] arrayStream(String type) {
    return streamOf(
        out -> {
          out.writeByte(ObjectStreamConstants.TC_ARRAY);
          out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
          out.writeUTF(type);
          out.writeLong(ObjectStreamClass.lookupAny(classOf(type)).getSerialVersionUID());
          out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
          out.writeShort(0);
          out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
          out.writeByte(ObjectStreamConstants.TC_NULL);
          out.writeInt(Integer.MAX_VALUE);
        });
  }

  private static Class<?> classOf(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /* Arrays of one array of one array … */
  static byte[] nestedStream(int depth) {
    return streamOf(
        out -> {
          for (int i = 0; i < depth; i++) {
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            if (i == 0) {
              out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
              out.writeUTF("[Ljava.lang.Object;");
              out.writeLong(ObjectStreamClass.lookupAny(Object[].class).getSerialVersionUID());
              out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
              out.writeShort(0);
              out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
              out.writeByte(ObjectStreamConstants.TC_NULL);
            } else {
              out.writeByte(ObjectStreamConstants.TC_REFERENCE);
              out.writeInt(ObjectStreamConstants.baseWireHandle);
            }
            out.writeInt(1);
          }
        });
  }

  /** A value by Java serialization as a whole. */
  static byte[] whole(byte[] stream) {
    byte[] all = new byte[stream.length + 1];
    all[0] = JAVA;
    System.arraycopy(stream, 0, all, 1, stream.length);
    return all;
  }
}
