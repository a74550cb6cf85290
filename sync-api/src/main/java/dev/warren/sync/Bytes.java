// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An encoded key: bytes with value equality and a cached, well-spread hash. Immutable by contract.
 */
public final class Bytes implements Comparable<Bytes> {

  private final byte[] array;

  /** 0 until it is asked for; threads that race for it find the same. */
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Wraps without copying: the caller must not change {@code array} afterwards. */
  public static Bytes wrap(byte[] array) {
    return new Bytes(array);
  }

  /** The wrapped array itself, which must not be changed. */
  public byte[] array() {
    return array;
  }

  /** Length in bytes. */
  public int length() {
    return array.length;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Bytes that
            && hashCode() == that.hashCode()
            && Arrays.equals(array, that.array));
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      int h = Arrays.hashCode(array);
      known = h ^ (h >>> 16);
      hash = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(array, 0, Math.min(array.length, 16))
        + (array.length > 16 ? "…(" + array.length + " bytes)" : "");
  }
}
