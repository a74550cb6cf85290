// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * A record that says nothing, by which a log that is empty is told from one that does not answer
 * yet.
 *
 * <p>A stream whose leader was just elected counts no messages and delivers none, whatever it
 * holds, until something is stored in it again; no waiting tells that from an empty one. Who stores
 * a probe and then reads from the beginning knows: either something else comes, and the log was not
 * empty; or its own probe comes first. Probes of others may come before it, and say nothing.
 *
 * <p>No subscription hands a probe to anybody: the offsets that they take are gaps.
 */
final class Probe {

  private static final byte[] MARK = "warren probe".getBytes(StandardCharsets.US_ASCII);

  private Probe() {}

  /** A probe like no other. */
  static byte[] create() {
    UUID id = UUID.randomUUID();
    return ByteBuffer.allocate(MARK.length + 2 * Long.BYTES)
        .put(MARK)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  static boolean isProbe(byte[] body) {
    return body.length == MARK.length + 2 * Long.BYTES
        && Arrays.equals(body, 0, MARK.length, MARK, 0, MARK.length);
  }
}
