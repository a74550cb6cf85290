// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTest {

  private final Results results = new Results();

  @Test
  void markdown_ofRatio_isJudgedByTheMedianOfPairs() {
    for (int i = 1; i <= 3; i++) {
      results.add(Line.PUTS_1, Results.WARREN, 60 + 10 * i);
      results.add(Line.PUTS_1, Results.BESIDE, 100);
    }
    assertThat(results.markdown())
        .contains("| puts-1 | events/s | 80.0 (70.0–90.0) | raw: 100 (100–100) | 0.80 (0.70–0.90)")
        .contains("≥ 0.7 ×: met");
  }

  @Test
  void markdown_ofAMiss_saysSo() {
    results.add(Line.JOIN, Results.WARREN, 299_999);
    results.add(Line.IDLE, Results.WARREN, 0.5);
    results.note("a note");
    assertThat(results.markdown())
        .contains("≥ 300,000: **missed**")
        .contains("≤ 1: met")
        .endsWith("* a note\n");
  }

  @Test
  void markdown_ofAPeer_hasAColumn() {
    results.addPeer("Other");
    results.add(Line.READS, Results.WARREN, 10);
    results.add(Line.READS, "Other", 20);
    assertThat(results.markdown()).contains("| wanted | Other |").contains("| 20.0 (20.0–20.0) |");
    assertThat(results.anyFailed()).isFalse();
  }

  @Test
  void markdown_ofAPeerWithoutAFigure_leavesItsPlaceEmpty() {
    results.addPeer("One");
    results.addPeer("Other");
    results.add(Line.JOIN, "Other", 7);
    results.add(Line.JOIN_OPEN, Results.WARREN, 8);
    assertThat(results.markdown())
        .contains("| ≥ 300,000 |  | 7.00 (7.00–7.00) |\n")
        .endsWith("| 8.00 (8.00–8.00) |  |  |  |  |  |\n\n");
  }

  @Test
  void markdown_ofAPeerThatFailed_keepsItsFiguresAndSaysSo() {
    results.addPeer("Other");
    results.add(Line.READS, "Other", 20);
    results.add(Line.JOIN, Results.WARREN, 300_000);
    results.fail("Other", "the reason");
    assertThat(results.markdown())
        .contains("| 20.0 (20.0–20.0) |\n")
        .contains("met | failed |\n")
        .endsWith("* **Other failed**: the reason\n");
    assertThat(results.anyFailed()).isTrue();
  }
}
