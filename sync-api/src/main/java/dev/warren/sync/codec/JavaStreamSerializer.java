// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Java serialization for what only it can do; what hangs on the object is left to Kryo. */
final class JavaStreamSerializer extends Serializer<Object> {

  private final AllowedTypes allowed;
  private final ClassLoader loader;

  JavaStreamSerializer(AllowedTypes allowed, ClassLoader loader) {
    this.allowed = allowed;
    this.loader = loader;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    ShellWriter.Shell shell = shell(kryo, object);
    // The stream may hash some of them: better look once too often at what comes out.
    Contents.writeAllHashed(kryo, output, shell.leaves().toArray());
    output.writeVarInt(shell.bytes().length, true);
    output.writeBytes(shell.bytes());
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    GraphReferences graph = ((WarrenKryo) kryo).graph();
    @Nullable Object[] leaves = new @Nullable Object[Contents.length(input)];
    StreamVisits visits = new StreamVisits(input.limit());
    long first = graph.visits();
    for (int i = 0; i < leaves.length; i++) {
      long before = graph.visits();
      leaves[i] = kryo.readClassAndObject(input);
      if (leaves[i] != null) {
        visits.leaf(leaves[i], graph.visits() - before);
      }
    }
    byte[] bytes = input.readBytes(input.readVarInt(true));
    Object object = ShellReader.read(bytes, leaves, visits, allowed, loader);
    graph.visits(Math.max(graph.visits(), first + visits.of(object)));
    if (type != JavaStreamed.class && !type.isInstance(object)) {
      throw new KryoException("Java stream does not hold a " + type.getName());
    }
    return object;
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    ShellWriter.Shell shell = shell(kryo, original);
    return ShellReader.read(shell, Contents.copy(kryo, shell.leaves().toArray()));
  }

  private ShellWriter.Shell shell(Kryo kryo, Object object) {
    return ShellWriter.write(object, o -> ((WarrenKryo) kryo).carries(o), allowed::check);
  }
}
