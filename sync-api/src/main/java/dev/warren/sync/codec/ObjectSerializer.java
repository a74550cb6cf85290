// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** A bare Object within another one is its lock or marker: the copy gets one of its own. */
final class ObjectSerializer extends Serializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    // there is nothing to it
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    return new Object();
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    return new Object();
  }
}
