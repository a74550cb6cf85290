// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs of every shape, grown by a program of random bytes: objects that share others, in cycles,
 * through hooks, records and immutable lists. A copy and what comes over the wire look like the
 * original from all sides, or like what Java serialization makes of it, and no change to them
 * reaches it.
 */
@SuppressWarnings({"serial", "UnusedVariable"}) // looked at by reflection
final class CopyFuzzTest {

  private static final ClassLoader LOADER = CopyFuzzTest.class.getClassLoader();
  private static final KryoCopier COPIER = new KryoCopier(LOADER);
  private static final KryoValueCodec CODEC =
      KryoValueCodec.of(LOADER, List.of("dev.warren.sync.codec.*"));
  private static final long SEED = 20_261_121L;
  private static final int SEEDS = 200;
  private static final int LONGEST_SEED = 120;
  private static final int LONGEST = 2_000;

  record Pair(@Nullable Object left, @Nullable Object right) implements Serializable {}

  static final class Node implements Serializable {
    private @Nullable Object next;
    private long number = 7;
  }

  static Stream<byte[]> seeds() {
    Random random = new Random(SEED);
    return Stream.generate(
            () -> {
              byte[] program = new byte[1 + random.nextInt(LONGEST_SEED)];
              random.nextBytes(program);
              return program;
            })
        .limit(SEEDS);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3m")
  void copy_anyGraph_looksLikeTheOriginal(byte[] program) throws Exception {
    Object original = new Garden(program).grow();
    String before = Fidelity.describe(original);
    for (int i = 0; i < 2; i++) {
      Object copy;
      try {
        copy = i == 0 ? COPIER.copy(original) : CODEC.decode(CODEC.encode(original));
      } catch (CodecException e) {
        assertThat(e.reason()).isEqualTo(CodecException.Reason.UNSUITABLE_TYPE);
        assertThat(e)
            .hasMessageMatching("(?s).*(its own contents|depth exceeded|hashing takes too long).*");
        continue;
      }
      String after = Fidelity.describe(copy);
      if (!after.equals(before)) { // Java serialization makes something else of some cycles too
        assertThat(after).isEqualTo(Fidelity.describe(Fidelity.javaCopy(original)));
      }
      Fidelity.spoil(copy);
      assertThat(Fidelity.describe(original)).isEqualTo(before);
    }
  }

  /** Objects, each made of earlier ones; those that can change may get later ones. */
  private static final class Garden {
    private final byte[] program;
    private final List<Object> objects = new ArrayList<>(List.of("first"));
    private int at;

    Garden(byte[] program) {
      this.program = program;
    }

    private int next() {
      return at < program.length ? program[at++] & 0xff : 0;
    }

    private Object any() {
      return objects.get(next() % objects.size());
    }

    Object grow() {
      while (at < Math.min(program.length, LONGEST)) {
        int kind = next() % 24;
        if (kind < 8) {
          join(any(), any());
        } else {
          objects.add(make(kind));
        }
      }
      return objects.get(objects.size() - 1);
    }

    private Object make(int kind) {
      return switch (kind) {
        case 8 -> new ArrayList<>();
        case 9 -> new LinkedHashMap<>();
        case 10 -> new LinkedHashSet<>(List.of("a", next()));
        case 11, 12 -> new Node();
        case 13 -> new Pair(any(), any());
        case 14 -> new Object[] {any(), any(), null};
        case 15 -> List.of(any(), any(), any());
        case 16 -> Optional.of(any());
        case 17 -> new UserRows.Custom("custom", notReplaced(any()));
        case 18 ->
            any() instanceof ArrayList<?> l ? Collections.unmodifiableList(l) : new int[] {next()};
        case 19 -> "text " + next();
        case 20 -> EnumSet.of(Samples.Colour.RED);
        case 21 -> new java.sql.Timestamp(next());
        case 22 -> new TreeMap<>(Map.of("key", any()));
        default -> Map.of("key", any());
      };
    }

    /* What has a writeReplace loses its identity behind hooks and wrappers: see docs/serialization.md. */
    private static Object notReplaced(Object object) {
      boolean replaced =
          object instanceof EnumSet
              || object.getClass().getName().matches("java.util.(Immutable)?Collections[$].*");
      return replaced ? new Object[] {object} : object;
    }

    @SuppressWarnings("unchecked")
    private void join(Object to, Object part) {
      if (to instanceof ArrayList<?> list) {
        ((ArrayList<Object>) list).add(part);
      } else if (to instanceof LinkedHashMap<?, ?> map) {
        ((Map<Object, Object>) map).put("key " + next(), part);
      } else if (to instanceof TreeMap<?, ?> map) {
        ((Map<Object, Object>) map).put("key " + next(), part);
      } else if (to instanceof Object[] array) {
        array[next() % array.length] = part;
      } else if (to instanceof Node node) {
        node.next = part;
        node.number = next();
      }
    }
  }
}
