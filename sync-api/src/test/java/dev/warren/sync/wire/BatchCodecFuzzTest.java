// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.warren.sync.Batch;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BatchCodecFuzzTest {

  private static final long SEED = 20_240_608L;
  private static final int MUTATIONS = 100_000;

  @Test
  void decode_mutatedBatch_failsOnlyAsCorruptOrUnknownVersion() {
    byte[] original =
        BatchCodec.encode(new Batch(Batches.EPOCH, Batches.ORIGIN, 1, false, Batches.events()));
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutate(original, random);
      try {
        BatchCodec.decode(bytes);
      } catch (CorruptBatchException | UnknownVersionException expected) {
        refused++;
      } catch (Throwable e) {
        fail("seed " + SEED + ", mutation " + i + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
    assertThat(refused).as("seed %d", SEED).isBetween(MUTATIONS / 4, MUTATIONS - 1);
  }

  /* Most are sealed again with a right checksum, so that they reach the decoder proper. */
  private static byte[] mutate(byte[] original, Random random) {
    boolean resize = random.nextInt(5) == 0;
    byte[] bytes =
        Arrays.copyOf(original, resize ? random.nextInt(2 * original.length) : original.length);
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    if (bytes.length > BatchCodec.TRAILER_BYTES && random.nextInt(10) > 0) {
      BatchCodecTest.seal(bytes);
    }
    return bytes;
  }
}
