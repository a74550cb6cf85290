// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

/**
 * What must be set before Kryo's classes load. From JDK 24 on their use of {@code sun.misc.Unsafe}
 * prints warnings, so it is switched off there unless the user decided otherwise.
 */
final class KryoSettings {
  private static final int FIRST_WARNING_JDK = 24;

  static {
    if (Runtime.version().feature() >= FIRST_WARNING_JDK
        && System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private KryoSettings() {}

  static void apply() {
    // the initializer above has run
  }
}
