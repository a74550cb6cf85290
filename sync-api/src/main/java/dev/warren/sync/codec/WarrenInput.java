// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/**
 * Refuses lengths that the remaining bytes cannot hold, before anything is allocated for them.
 *
 * <p>Kryo reads every length as a positive var-int; ids and ordinals, which it reads the same way,
 * stay below {@link #SLACK}. Plain positive numbers (nanoseconds) come by {@code readInt}.
 */
final class WarrenInput extends Input {

  static final int SLACK = 1 << 16;

  WarrenInput(byte[] bytes, int offset, int count) {
    super(bytes, offset, count);
  }

  @Override
  public int readVarInt(boolean optimizePositive) {
    int value = super.readVarInt(optimizePositive);
    return optimizePositive ? bounded(value) : value;
  }

  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int value = super.readVarIntFlag(optimizePositive);
    return optimizePositive ? bounded(value) : value;
  }

  @Override
  public int readInt(boolean optimizePositive) {
    return super.readVarInt(optimizePositive);
  }

  @Override
  public byte[] readBytes(int length) {
    return super.readBytes(bounded(length));
  }

  private int bounded(int length) {
    if (length < 0 || length > (long) limit() - position() + SLACK) {
      throw new KryoException("length " + length + " with " + (limit() - position()) + " B left");
    }
    return length;
  }
}
