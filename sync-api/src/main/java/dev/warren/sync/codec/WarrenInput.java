// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/**
 * Refuses lengths that the remaining bytes cannot hold, before anything is allocated for them.
 *
 * <p>Numbers of elements come by {@link #readLength}: each element takes a byte of its own at
 * least, so that all lengths of one input together cannot exceed its bytes. Kryo's own serializers
 * read theirs as a positive var-int, like ids and ordinals, which stay below {@link #SLACK}. Plain
 * positive numbers (nanoseconds) come by {@code readInt}.
 */
final class WarrenInput extends Input {

  static final int SLACK = 1 << 10;

  /* Hash codes of honest values visit each object a few times, those of a bomb 2^50 times. */
  private static final long VISITS_PER_BYTE = 64;

  private static final long FREE_VISITS = 1 << 17;

  private int budget;
  private long visits;

  WarrenInput(byte[] bytes, int offset, int count) {
    super(bytes, offset, count);
    budget = count + SLACK;
    visits = visits(count);
  }

  /** How many objects hash codes may visit while so many bytes are read. */
  static long visits(int bytes) {
    return FREE_VISITS + VISITS_PER_BYTE * bytes;
  }

  /**
   * To be told before hash codes are asked for, which visit so many objects: few bytes can hold
   * sets of sets that refer to each other in such a way that a hash code takes years.
   */
  void hashing(long objects) {
    visits -= objects;
    if (visits < 0) {
      throw new KryoException("objects refer to each other so often that hashing takes too long");
    }
  }

  int readLength() {
    int length = super.readVarInt(true);
    if (length < 0 || length > budget) {
      throw new KryoException(length + " elements announced where " + budget + " may be");
    }
    budget -= length;
    return length;
  }

  @Override
  public int readVarInt(boolean optimizePositive) {
    int value = super.readVarInt(optimizePositive);
    return optimizePositive ? bounded(value, SLACK) : value;
  }

  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int value = super.readVarIntFlag(optimizePositive);
    return optimizePositive ? bounded(value, SLACK) : value;
  }

  @Override
  public int readInt(boolean optimizePositive) {
    return super.readVarInt(optimizePositive);
  }

  @Override
  public byte[] readBytes(int length) {
    return super.readBytes(bounded(length, 0));
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    return super.readInts(bounded(length, 0), optimizePositive);
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    return super.readLongs(bounded(length, 0), optimizePositive);
  }

  @Override
  public int[] readInts(int length) {
    return super.readInts(bounded(length, 0));
  }

  @Override
  public long[] readLongs(int length) {
    return super.readLongs(bounded(length, 0));
  }

  @Override
  public float[] readFloats(int length) {
    return super.readFloats(bounded(length, 0));
  }

  @Override
  public double[] readDoubles(int length) {
    return super.readDoubles(bounded(length, 0));
  }

  @Override
  public short[] readShorts(int length) {
    return super.readShorts(bounded(length, 0));
  }

  @Override
  public char[] readChars(int length) {
    return super.readChars(bounded(length, 0));
  }

  @Override
  public boolean[] readBooleans(int length) {
    return super.readBooleans(bounded(length, 0));
  }

  private int bounded(int length, int slack) {
    if (length < 0 || length > limit() - position() + slack) {
      throw new KryoException("length " + length + " with " + (limit() - position()) + " B left");
    }
    return length;
  }
}
