// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

/**
 * Turns keys and values into the bytes that wire and database hold, and back. Thread-safe. Equal
 * keys encode to equal bytes, or {@link #encodeKey} refuses them.
 */
public interface ValueCodec {

  /**
   * Encodes a value.
   *
   * @throws CodecException if the class is not allowed or cannot be encoded
   */
  byte[] encode(Object value);

  /** As {@link #encode}, but refuses types whose equal instances may encode differently. */
  byte[] encodeKey(Object key);

  /**
   * Decodes what {@link #encode} or {@link #encodeKey} made.
   *
   * @throws CodecException if the bytes are corrupt, or name a class that is missing or not
   *     allowed; the message names class and setting
   */
  Object decode(byte[] bytes);
}
