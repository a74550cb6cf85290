// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes there are, they give a value or a {@link CodecException}, at a cost that they can
 * be blamed for. A usual run reads the seeds; CONTRIBUTING.md says how Jazzer goes on from there.
 */
final class DecodeFuzzTest {

  /* Hash codes of lists make an iterator each: see FREE_VISITS. Kryo instances are made once. */
  private static final long FREE_ALLOCATION = 128L << 20;
  private static final long ALLOCATED_PER_BYTE = 1_000_000 / 64;

  private static final KryoValueCodec CODEC =
      KryoValueCodec.of(DecodeFuzzTest.class.getClassLoader(), List.of(), Samples.TYPES);

  static Stream<byte[]> seeds() {
    return Stream.concat(Samples.all(), Samples.byContents())
        .flatMap(value -> Stream.of(CODEC.encode(value), javaForm(value)));
  }

  private static byte[] javaForm(Object value) {
    try {
      return CraftedBytes.whole(CraftedBytes.javaBytes(value));
    } catch (java.io.IOException e) {
      return new byte[0]; // not serializable
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3m")
  void decode_anyBytes_givesAValueOrACodecException(byte[] bytes) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Object value;
    try {
      value = CODEC.decode(bytes);
    } catch (CodecException expected) {
      return;
    } finally {
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).isLessThan(FREE_ALLOCATION + ALLOCATED_PER_BYTE * bytes.length);
    }
    try {
      assertThat(CODEC.decode(CODEC.encode(value))).isNotNull();
    } catch (CodecException expected) {
      // nobody would have written it: a time zone that there is not, a map that contains itself
    }
  }
}
