// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Copies in memory and round trips over the wire, held against what Java serialization makes of the
 * same value: docs/serialization.md lists the differences.
 */
final class FidelityTest {

  private static final ClassLoader LOADER = FidelityTest.class.getClassLoader();
  private static final int DOCUMENTED_DIFFERENCES = 5;
  /* More than are copied by reflection. */
  private static final int OFTEN = 150;

  static Stream<FidelityRow> rows() {
    return Stream.of(JdkRows.all(), CollectionRows.all(), UserRows.all()).flatMap(List::stream);
  }

  @Test
  void rows_areManyAndDifferLittle() {
    assertThat(rows().map(FidelityRow::name)).hasSizeGreaterThan(180).doesNotHaveDuplicates();
    assertThat(rows().map(FidelityRow::differs).filter(d -> !d.isEmpty()).distinct())
        .hasSizeLessThanOrEqualTo(DOCUMENTED_DIFFERENCES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void copy_value_isWhatJavaSerializationMakes(FidelityRow row) throws Exception {
    Object original = row.make().call();

    assertSame(row, original, new KryoCopier(LOADER).copy(original));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void copy_valueOfAnOftenCopiedClass_isWhatJavaSerializationMakes(FidelityRow row)
      throws Exception {
    Object original = row.make().call();
    KryoCopier copier = new KryoCopier(LOADER);
    for (int i = 0; i < OFTEN; i++) {
      copier.copy(original);
    }

    assertSame(row, original, copier.copy(original));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void decode_encodedValue_isWhatJavaSerializationMakes(FidelityRow row) throws Exception {
    Object original = row.make().call();
    List<String> allow = new ArrayList<>(row.allow());
    allow.add("dev.warren.sync.codec.**");
    KryoValueCodec codec = KryoValueCodec.of(LOADER, allow);

    Object decoded = codec.decode(codec.encode(original));

    assertSame(row, original, decoded);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void copy_changed_leavesTheOriginal(FidelityRow row) throws Exception {
    Object original = row.make().call();
    Object copy = new KryoCopier(LOADER).copy(original);
    String before = Fidelity.describe(original);
    if (Fidelity.isSerializable(original) && Fidelity.isSerializable(copy)) {
      Set<Object> shared = Fidelity.mutablePartsOf(original);
      shared.retainAll(Fidelity.mutablePartsOf(copy));
      shared.removeAll(Fidelity.mutablePartsOf(Fidelity.javaCopy(original))); // the JDK's own
      assertThat(shared).isEmpty();
    }

    Fidelity.spoil(copy);

    assertThat(Fidelity.describe(original)).isEqualTo(before);
  }

  @Test
  void copy_replacedObjectBehindHooksAndElsewhere_becomesTwo() {
    EnumSet<Samples.Colour> set = EnumSet.of(Samples.Colour.RED);
    Object original = new Object[] {set, new UserRows.Custom("custom", set)};

    assertThat(Fidelity.describe(original)).contains("RegularEnumSet#");
    assertThat(Fidelity.describe(new KryoCopier(LOADER).copy(original)))
        .doesNotContain("RegularEnumSet#")
        .contains("extra=java.util.RegularEnumSet(" + Samples.Colour.class.getName() + "(RED");
  }

  private static void assertSame(FidelityRow row, Object original, Object actual) throws Exception {
    if (!row.differs().isEmpty()) {
      assertThat(withoutViews(Fidelity.describe(actual)))
          .isEqualTo(withoutViews(Fidelity.describe(original)));
      return;
    }
    Object expected = Fidelity.isSerializable(original) ? Fidelity.javaCopy(original) : original;
    assertThat(Fidelity.describe(actual)).isEqualTo(Fidelity.describe(expected));
    if (actual == original) {
      return; // shared because it is immutable
    }
    assertThat(equal(actual, original)).as("equals").isEqualTo(equal(expected, original));
    if (!row.described() && Fidelity.isSerializable(original)) {
      assertThat(Fidelity.javaForm(actual)).isEqualTo(Fidelity.javaForm(expected));
    }
  }

  private static String equal(Object left, Object right) {
    try {
      return String.valueOf(left.equals(right));
    } catch (StackOverflowError e) {
      return "a list within itself";
    }
  }

  /* A view becomes the plain collection of its contents. */
  private static String withoutViews(String description) {
    return description
        .replaceAll("^java\\.util\\.\\w+\\$\\w*(SubList|Values)", "java.util.ArrayList")
        .replaceAll("^java\\.util\\.HashMap\\$KeySet", "java.util.LinkedHashSet")
        .replaceAll("^java\\.util\\.TreeMap\\$KeySet", "java.util.TreeSet");
  }
}
