// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KryoValueCodecTest {

  private static final ClassLoader LOADER = KryoValueCodecTest.class.getClassLoader();
  private final KryoValueCodec codec = codec(Samples.TYPES);

  private static KryoValueCodec codec(Class<?>... types) {
    return KryoValueCodec.of(LOADER, List.of(), types);
  }

  static final class NoEquals {
    int number;
  }

  record Pair(Object left, Object right) {}

  @ParameterizedTest
  @MethodSource("dev.warren.sync.codec.Samples#all")
  void decode_encodedValue_givesEqualValue(Object value) {
    assertThat(Objects.deepEquals(codec.decode(codec.encode(value)), value)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dev.warren.sync.codec.Samples#byContents")
  void decode_encodedCollection_givesEqualContents(Collection<Object> value) {
    assertThat(new ArrayList<>((Collection<?>) codec.decode(codec.encode(value))))
        .isEqualTo(new ArrayList<>(value));
  }

  @Test
  void decode_stringThatIsNotUtf8_isRefused() {
    byte[] cut = {1, 'a', (byte) 0xC3};

    assertThatThrownBy(() -> codec.decode(cut))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void decode_replacementCharacterOfTheStringItself_isKept() {
    String text = "a\uFFFDb\uD83D\uDE00";

    assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
  }

  @Test
  void decode_cycle_isKept() {
    Samples.Order order = (Samples.Order) codec.decode(codec.encode(new Samples.Order("o")));

    assertThat(order.isOwnParent()).isTrue();
  }

  @Test
  void decode_throwable_keepsMessageAndCause() {
    Object decoded =
        codec.decode(codec.encode(new IllegalStateException("m", new RuntimeException("c"))));

    assertThat((Throwable) decoded).hasMessage("m").hasRootCauseMessage("c");
  }

  @Test
  void decode_unmodifiableList_isStillUnmodifiable() {
    List<String> list = java.util.Collections.unmodifiableList(new ArrayList<>(List.of("a")));
    @SuppressWarnings("unchecked")
    List<String> decoded = (List<String>) codec.decode(codec.encode(list));

    assertThatThrownBy(() -> decoded.add("b")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void decode_deniedClass_namesClassAndSetting() {
    byte[] bytes = codec.encode(new Samples.Point(1, 2, "p", List.of()));

    assertThatThrownBy(() -> codec(Object.class).decode(bytes))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.NOT_ALLOWED))
        .hasMessageContaining(Samples.Point.class.getName())
        .hasMessageContaining("warren.serialization.allow");
  }

  @Test
  void decode_deniedClassInJavaStream_isRefused() {
    byte[] bytes = codec.encode(new Samples.Hooked("x"));

    assertThatThrownBy(() -> codec(Samples.Point.class).decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(Samples.Hooked.class.getName());
  }

  @Test
  void encode_fileOfJdk_isRefused() {
    assertThatThrownBy(() -> codec.encode(new File("x")))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.io.File");
  }

  @Test
  void decode_patterns_allowPackageAndBelow() {
    byte[] bytes = codec.encode(new Samples.Point(1, 2, "p", List.of()));

    for (String pattern :
        List.of("dev.warren.sync.codec.*", "dev.**", Samples.Point.class.getName())) {
      assertThat(KryoValueCodec.of(LOADER, List.of(pattern)).decode(bytes)).isNotNull();
    }
    assertThatThrownBy(() -> KryoValueCodec.of(LOADER, List.of("dev.*")).decode(bytes))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void decode_missingClass_namesIt() throws Exception {
    byte[] bytes = Versions.encodeWith("record", "record Gone(String a) {}", "Gone", "x");

    assertThatThrownBy(() -> KryoValueCodec.of(LOADER, List.of("**")).decode(bytes))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.MISSING_CLASS))
        .hasMessageContaining("Gone");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(booleans = {true, false})
  void decode_fieldsOfOtherVersion_readsWhatBothHave(boolean record) throws Exception {
    String one = record ? "record V(String a, String b) {}" : Versions.pojo("String a, String b");
    String two =
        record
            ? "record V(String b, int c, String d) {}"
            : Versions.pojo("String b, int c, String d");

    Object decoded = Versions.reencode(one, two, "left", "right");

    assertThat(decoded).hasFieldOrPropertyWithValue("b", "right");
    assertThat(decoded).hasFieldOrPropertyWithValue("c", 0);
    assertThat(decoded).hasFieldOrPropertyWithValue("d", null);
  }

  @Test
  void encodeKey_unsuitableTypes_areRefused() {
    KryoValueCodec open = KryoValueCodec.of(LOADER, List.of("**"));
    for (Object key :
        List.of(
            new HashMap<>(Map.of("a", 1)),
            new HashSet<>(List.of(1)),
            new IdentityHashMap<>(),
            new byte[1],
            new int[1],
            new NoEquals(),
            new Pair("x", new HashSet<>()),
            new Pair("x", new byte[3]),
            new AtomicInteger())) {
      assertThatThrownBy(() -> open.encodeKey(key))
          .isInstanceOfSatisfying(
              CodecException.class,
              e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.UNSUITABLE_TYPE));
    }
  }

  @Test
  void encodeKey_equalKeys_giveEqualBytes() {
    KryoValueCodec open = KryoValueCodec.of(LOADER, List.of("**"));
    String shared = "s";
    String other = String.valueOf(new char[] {'s'});

    assertThat(open.encodeKey(new Pair(shared, shared)))
        .isEqualTo(open.encodeKey(new Pair(shared, other)));
    assertThat(open.encodeKey(new Pair(List.of(1, 2), 1)))
        .isEqualTo(open.encodeKey(new Pair(new ArrayList<>(List.of(1, 2)), 1)));
    assertThat(open.decode(open.encodeKey(new Pair(new TreeMap<>(Map.of("a", 1)), "x"))))
        .isEqualTo(new Pair(new TreeMap<>(Map.of("a", 1)), "x"));
  }

  @Test
  void codec_eightThreads_keepValuesApart() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        tasks.add(
            () -> {
              for (int i = 0; i < 500; i++) {
                Object value = new Samples.Point(thread, i, "p" + i, List.of());
                if (!value.equals(codec.decode(codec.encode(value)))) {
                  return false;
                }
              }
              return true;
            });
      }
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
