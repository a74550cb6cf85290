// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.sync.Batch;
import dev.warren.sync.Event;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchCodecTest {

  private static final String GOLDEN =
      "57524e42" // magic
          + "01" // version
          + "01" // repeated
          + "0000000000000007" // epoch
          + "00000000000000010000000000000002"
          + "00000000000000030000000000000004" // origin
          + "0000000000000009" // first sequence
          + "0002" // events
          + "0001" // cache names
          + "000161" // "a"
          + "110000" // Put into cache 0
          + "000000020a0b" // key
          + "00000003141516" // value
          + "7fffffffffffffff" // never expires
          + "fffffffffffffffd" // any
          + "05" // Suspect
          + "00000000000000030000000000000004"
          + "0000000000000005"
          + "d2c9acad"; // checksum

  static List<Event> events() {
    return Batches.events();
  }

  @ParameterizedTest
  @MethodSource("events")
  void decode_encodedEvent_givesEqualEvent(Event event) {
    Batch decoded = BatchCodec.decode(BatchCodec.encode(Batches.of(event)));

    assertThat(decoded).usingRecursiveComparison().isEqualTo(Batches.of(event));
  }

  @Test
  void decode_allEvents_givesEqualBatch() {
    Batch batch = new Batch(Batches.EPOCH, Batches.ORIGIN, 1, false, Batches.events());

    assertThat(BatchCodec.decode(BatchCodec.encode(batch)))
        .usingRecursiveComparison()
        .isEqualTo(batch);
  }

  @Test
  void encode_golden_isTheDocumentedFormat() {
    Batch batch =
        Batches.of(
            new Event.Put("a", Batches.KEY, Batches.VALUE, Event.NEVER, Event.ANY),
            new Event.Suspect(Batches.ORIGIN, 5));

    assertThat(HexFormat.of().formatHex(BatchCodec.encode(batch))).isEqualTo(GOLDEN);
  }

  @Test
  void decode_otherVersion_isUnknownVersion() {
    byte[] bytes = BatchCodec.encode(Batches.of(new Event.Noop()));
    bytes[4] = 2;

    assertThatThrownBy(() -> BatchCodec.decode(bytes)).isInstanceOf(UnknownVersionException.class);
  }

  /* Number of events, of names, length of the name, cache index, lengths of key and value. */
  @ParameterizedTest
  @ValueSource(ints = {54, 56, 58, 62, 64, 70})
  void decode_oversizedLength_isCorrupt(int offset) {
    byte[] bytes =
        BatchCodec.encode(
            Batches.of(new Event.Put("a", Batches.KEY, Batches.VALUE, Event.NEVER, Event.ANY)));
    for (byte high : new byte[] {0x7f, (byte) 0xff}) {
      byte[] broken = bytes.clone();
      broken[offset] = high;
      seal(broken);
      assertThatThrownBy(() -> BatchCodec.decode(broken)).isInstanceOf(CorruptBatchException.class);
    }
  }

  @Test
  void decode_oversizedMemberName_isCorrupt() {
    byte[] bytes = BatchCodec.encode(Batches.of(new Event.Join("n")));
    bytes[BatchCodec.HEADER_BYTES + 1] = (byte) 0xff;
    seal(bytes);

    assertThatThrownBy(() -> BatchCodec.decode(bytes)).isInstanceOf(CorruptBatchException.class);
  }

  @Test
  void decode_anyBitFlipped_isRefused() {
    byte[] bytes = BatchCodec.encode(Batches.of(new Event.Heartbeat(1, 2, 3)));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] broken = bytes.clone();
      broken[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> BatchCodec.decode(broken))
          .isInstanceOfAny(CorruptBatchException.class, UnknownVersionException.class);
    }
  }

  static void seal(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - BatchCodec.TRAILER_BYTES);
    ByteBuffer.wrap(bytes).putInt(bytes.length - BatchCodec.TRAILER_BYTES, (int) crc.getValue());
  }
}
