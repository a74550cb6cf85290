// SPDX-License-Identifier: Apache-2.0
package dev.warren.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TckCountTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void describe_wholeTck_isWhole() {
    TckCount count = new TckCount(479, 0, 0);

    assertThat(count.isWhole()).isTrue();
    assertThat(count.describe()).isEqualTo("TCK: 479 run, 0 failed, 0 skipped");
  }

  @Test
  public void isWhole_oneFailedSkippedOrMissing_isNot() {
    assertThat(new TckCount(479, 1, 0).isWhole()).isFalse();
    assertThat(new TckCount(478, 0, 1).isWhole()).isFalse();
    assertThat(new TckCount(479, 0, 1).isWhole()).isFalse();
    assertThat(new TckCount(478, 0, 0).describe())
        .isEqualTo("TCK: 478 run, 0 failed, 0 skipped; all 479 must run and pass");
  }

  @Test
  public void ofReports_noReports_countsNothing() throws IOException {
    assertThat(TckCount.ofReports(folder.getRoot().toPath().resolve("none")))
        .isEqualTo(new TckCount(0, 0, 0));
  }

  @Test
  public void ofReports_severalReports_countsTestsOfTheTckOnly() throws IOException {
    Path root = folder.getRoot().toPath();
    Files.writeString(
        root.resolve("TEST-org.jsr107.tck.PutTest.xml"),
        """
        <testsuite>
          <testcase name="a" classname="org.jsr107.tck.PutTest"/>
          <testcase name="b" classname="org.jsr107.tck.PutTest"><failure>x</failure></testcase>
          <testcase name="c" classname="org.jsr107.tck.PutTest"><error>x</error></testcase>
        </testsuite>
        """);
    Files.writeString(
        root.resolve("TEST-javax.cache.CachingTest.xml"),
        """
        <testsuite>
          <testcase name="d" classname="javax.cache.CachingTest"/>
          <testcase name="e" classname="javax.cache.CachingTest"><skipped/></testcase>
        </testsuite>
        """);
    Files.writeString(
        root.resolve("TEST-dev.warren.tck.OwnTest.xml"),
        "<testsuite><testcase name=\"f\" classname=\"dev.warren.tck.OwnTest\"/></testsuite>");
    Files.writeString(root.resolve("summary.txt"), "no report");

    assertThat(TckCount.ofReports(root)).isEqualTo(new TckCount(4, 2, 1));
  }
}
