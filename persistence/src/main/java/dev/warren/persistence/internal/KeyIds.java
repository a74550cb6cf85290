// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The {@code _id} of an encoded key, {@code "<2 hex of a hash>:<base64url of the key>"}; of a key
 * longer than 96 bytes {@code "<2 hex>:#<base64url of its SHA-256>"}, which no short key can equal.
 * The two digits spread the keys evenly, so that ranges of ids can be read in parallel.
 */
final class KeyIds {
  private static final int LONGEST = 96;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private KeyIds() {}

  static String of(byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key);
    String digits = HexFormat.of().toHexDigits((byte) crc.getValue());
    return key.length <= LONGEST
        ? digits + ":" + BASE64.encodeToString(key)
        : digits + ":#" + BASE64.encodeToString(CollectionNames.sha256(key));
  }
}
