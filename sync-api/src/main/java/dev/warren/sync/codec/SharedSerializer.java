// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;

/** Objects that copies share with the original because the user declared them immutable. */
final class SharedSerializer extends ImmutableSerializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    throw new UnsupportedOperationException("for copies only");
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    throw new UnsupportedOperationException("for copies only");
  }
}
