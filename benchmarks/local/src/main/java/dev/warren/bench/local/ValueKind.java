// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.util.Arrays;
import java.util.Objects;

/** What is stored. */
public enum ValueKind {
  /** A string of 100 characters: immutable, so that a copy can be spared. */
  STRING {
    @Override
    Object make(long seed) {
      String digits = Long.toString(seed);
      return "x".repeat(STRING_LENGTH - digits.length()) + digits;
    }

    @Override
    boolean spoil(Object value) {
      return false;
    }
  },
  /** A {@link Tree} with two children. */
  POJO {
    @Override
    Object make(long seed) {
      return new Tree(seed, 1);
    }

    @Override
    boolean spoil(Object value) {
      ((Tree) value).spoil();
      return true;
    }
  },
  /** 1,024 bytes. */
  BYTES {
    @Override
    Object make(long seed) {
      byte[] bytes = new byte[ARRAY_LENGTH];
      Arrays.fill(bytes, (byte) seed);
      return bytes;
    }

    @Override
    boolean spoil(Object value) {
      ((byte[]) value)[0]++;
      return true;
    }
  };

  private static final int STRING_LENGTH = 100;
  private static final int ARRAY_LENGTH = 1024;

  /** The value of a seed, always a new object. */
  abstract Object make(long seed);

  /** Changes a value in place; false if that cannot be done. */
  abstract boolean spoil(Object value);

  static boolean same(Object one, Object other) {
    return one instanceof byte[] left && other instanceof byte[] right
        ? Arrays.equals(left, right)
        : Objects.equals(one, other);
  }
}
