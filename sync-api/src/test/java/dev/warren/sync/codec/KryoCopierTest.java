// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KryoCopierTest {

  private final KryoCopier copier = new KryoCopier(KryoCopierTest.class.getClassLoader());

  @ParameterizedTest
  @MethodSource("dev.warren.sync.codec.Samples#all")
  void copy_value_givesEqualValue(Object value) {
    assertThat(Objects.deepEquals(copier.copy(value), value)).isTrue();
  }

  @Test
  void copy_immutable_givesTheSame() {
    UUID id = new UUID(1, 2);

    assertThat(copier.copy(id)).isSameAs(id);
  }

  @Test
  void copy_nestedList_sharesNothing() {
    List<String> inner = new ArrayList<>(List.of("a"));
    List<List<String>> copy = copier.copy(new ArrayList<>(List.of(inner)));
    inner.add("b");

    assertThat(copy).containsExactly(List.of("a"));
  }

  @Test
  void copy_throwable_keepsMessage() {
    assertThat(copier.copy(new IllegalStateException("m"))).hasMessage("m");
  }
}
