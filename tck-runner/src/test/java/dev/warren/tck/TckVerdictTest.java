// SPDX-License-Identifier: Apache-2.0
package dev.warren.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.tck.TckVerdict.Outcome;
import dev.warren.tck.TckVerdict.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TckVerdictTest {
  private static final String ONE = "org.jsr107.tck.PutTest#one";
  private static final String TWO = "org.jsr107.tck.PutTest#two";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void judge_onlyListedFailures_isAsListed() {
    TckVerdict verdict = TckVerdict.judge(run(ONE, Outcome.FAILED), Set.of(ONE));

    assertThat(verdict.isAsListed()).isTrue();
    assertThat(verdict.describe()).isEqualTo("TCK: 479 run, 1 failed as listed");
  }

  @Test
  public void judge_unlistedFailure_isRefused() {
    TckVerdict verdict = TckVerdict.judge(run(ONE, Outcome.FAILED), Set.of());

    assertThat(verdict.isAsListed()).isFalse();
    assertThat(verdict.describe())
        .isEqualTo("TCK: not as listed: 1 failed and not in known-failures.txt: " + ONE);
  }

  @Test
  public void judge_listedTestPasses_isRefused() {
    TckVerdict verdict = TckVerdict.judge(run(ONE, Outcome.PASSED), Set.of(ONE, TWO));

    assertThat(verdict.describe())
        .isEqualTo(
            "TCK: not as listed: 2 in known-failures.txt but not failing (remove the line): "
                + ONE
                + " "
                + TWO);
  }

  @Test
  public void judge_testSkipped_isRefused() {
    TckVerdict verdict = TckVerdict.judge(run(ONE, Outcome.SKIPPED), Set.of());

    assertThat(verdict.describe())
        .isEqualTo(
            "TCK: not as listed: 478 tests ran instead of 479; 1 skipped: org.jsr107.tck.PutTest#one");
  }

  @Test
  public void judge_failsInBodyAndTearDown_countsOnce() {
    List<TestResult> results = run(ONE, Outcome.FAILED);
    results.add(new TestResult(ONE, Outcome.FAILED));

    assertThat(TckVerdict.judge(results, Set.of(ONE)).describe())
        .isEqualTo("TCK: 479 run, 1 failed as listed");
  }

  @Test
  public void judge_noReports_isRefused() throws IOException {
    Path missing = folder.getRoot().toPath().resolve("missing");

    assertThat(TckVerdict.judge(TckVerdict.readReports(missing), Set.of()).describe())
        .isEqualTo("TCK: not as listed: 0 tests ran instead of 479");
  }

  @Test
  public void judge_failureOutsideTheTck_isRefusedAndNotCounted() {
    List<TestResult> results = run(ONE, Outcome.PASSED);
    results.add(new TestResult("dev.warren.tck.TckVerdictTest#x", Outcome.FAILED));

    TckVerdict verdict = TckVerdict.judge(results, Set.of());

    assertThat(verdict.run()).isEqualTo(479);
    assertThat(verdict.isAsListed()).isFalse();
  }

  @Test
  public void readReports_failureErrorAndSkipped_areTold() throws IOException {
    Files.writeString(
        folder.getRoot().toPath().resolve("TEST-x.xml"),
        """
        <testsuite name="x" tests="4">
          <testcase name="a" classname="X"/>
          <testcase name="b" classname="X"><failure message="m"/></testcase>
          <testcase name="c" classname="X"><error message="m"/></testcase>
          <testcase name="d" classname="X"><skipped/></testcase>
        </testsuite>
        """);

    assertThat(TckVerdict.readReports(folder.getRoot().toPath()))
        .containsExactly(
            new TestResult("X#a", Outcome.PASSED),
            new TestResult("X#b", Outcome.FAILED),
            new TestResult("X#c", Outcome.FAILED),
            new TestResult("X#d", Outcome.SKIPPED));
  }

  @Test
  public void readList_commentsAndEmptyLines_areNoNames() throws IOException {
    Path list = folder.newFile().toPath();
    Files.writeString(list, "# why\n\n" + ONE + "\n");
    assertThat(TckVerdict.readList(list)).containsExactly(ONE);

    Files.writeString(list, ONE + "\n" + ONE + "\n");
    assertThatThrownBy(() -> TckVerdict.readList(list)).hasMessageContaining("twice");
  }

  /** A complete run in which all tests passed but one. */
  private static List<TestResult> run(String name, Outcome outcome) {
    List<TestResult> results = new ArrayList<>();
    for (int i = 1; i < TckVerdict.TCK_SIZE; i++) {
      results.add(new TestResult("org.jsr107.tck.OtherTest#t" + i, Outcome.PASSED));
    }
    results.add(new TestResult(name, outcome));
    return results;
  }
}
