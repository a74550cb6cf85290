// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KryoValueCodecFuzzTest {

  private static final long SEED = 20_240_607L;
  private static final int ROUNDS = 20_000;

  @Test
  void decode_mutatedBytes_failsOnlyWithCodecException() {
    KryoValueCodec codec = KryoValueCodec.of(getClass().getClassLoader(), List.of(), Samples.TYPES);
    List<byte[]> encoded = Samples.all().map(codec::encode).toList();
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutate(encoded.get(random.nextInt(encoded.size())), random);
      try {
        codec.decode(bytes);
      } catch (CodecException expected) {
        // this is what callers handle
      } catch (Throwable e) {
        fail("seed " + SEED + " round " + round + ": " + Arrays.toString(bytes), e);
      }
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = Arrays.copyOf(original, original.length);
    if (random.nextInt(4) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 4));
    }
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
