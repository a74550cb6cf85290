// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void percentile_hundredDelays_isTheSmallestThatSufficesForSoMany() {
    long[] began = new long[100];
    long[] seen = new long[100];
    for (int i = 0; i < 100; i++) {
      seen[i] = 100L - i;
    }
    Latencies latencies = Latencies.between(began, 0, seen, 0);

    assertThat(latencies.percentile(50)).isEqualTo(50);
    assertThat(latencies.percentile(99)).isEqualTo(99);
    assertThat(latencies.percentile(100)).isEqualTo(100);
  }

  @Test
  void between_differentClocks_bringsThemTogether() {
    assertThat(Latencies.between(new long[] {1_000}, 900, new long[] {7_130}, 7_000).percentile(50))
        .isEqualTo(30);
  }

  @Test
  void between_missingEnd_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Latencies.between(new long[2], 0, new long[1], 0));
  }

  @Test
  void offset_readingBetween_isZero() {
    assertThat(Clocks.offset(100, 150, 200)).isZero();
    assertThat(Clocks.offset(100, 100, 100)).isZero();
    assertThat(Clocks.offset(Long.MAX_VALUE - 10, Long.MAX_VALUE, Long.MIN_VALUE + 10)).isZero();
  }

  @Test
  void offset_readingOutside_isTheDifferenceToTheMiddle() {
    assertThat(Clocks.offset(100, 1_150, 200)).isEqualTo(1_000);
    assertThat(Clocks.offset(100, -850, 200)).isEqualTo(-1_000);
  }
}
