// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.sync.SnapshotStore.Generation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of collections: {@code warren.<cluster>.<cache>.<epoch counter>-<position>}. Clusters and
 * caches may be called anything, so their names are cut to what every MongoDB takes, and a hash
 * keeps them apart; the numbers are in base 36. At most 97 characters: with a database name of up
 * to 22 the whole stays within the 120 bytes that MongoDB 4.2 allows.
 */
final class CollectionNames {
  /** Holds one document per cluster. */
  static final String CHECKPOINTS = "warren.checkpoints";

  private static final int RADIX = 36;

  private final String prefix;

  CollectionNames(String cluster) {
    this.prefix = "warren." + safe(cluster, 16, 4) + ".";
  }

  String of(String cache, Generation generation) {
    return prefix
        + safe(cache, 20, 6)
        + "."
        + Long.toString(generation.epochCounter(), RADIX)
        + "-"
        + Long.toString(generation.position(), RADIX);
  }

  private static String safe(String name, int characters, int hashBytes) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < Math.min(characters, name.length()); i++) {
      char c = name.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      safe.append(plain ? c : '_');
    }
    byte[] hash = sha256(name.getBytes(StandardCharsets.UTF_8));
    return safe.append('-').append(HexFormat.of().formatHex(hash, 0, hashBytes)).toString();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
