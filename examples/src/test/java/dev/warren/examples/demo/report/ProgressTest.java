// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringBuilder out = new StringBuilder();

  @Test
  void bar_plain_saysEachQuarterOnceInWholeLines() {
    Progress.Bar bar = Progress.on(out, true).bar("node 1 fills", 200);
    for (int done = 0; done <= 200; done++) {
      bar.at(done);
    }
    bar.end("Node 1 filled.");

    assertThat(out.toString())
        .isEqualTo("node 1 fills ...\n  25 %\n  50 %\n  75 %\nNode 1 filled.\n");
  }

  @Test
  void bar_terminal_isDrawnOverItselfAndReplaced() {
    Progress.Bar bar = Progress.on(out, false).bar("node 1 fills", 200);
    bar.at(100);
    bar.at(101);
    bar.end("Node 1 filled.");

    assertThat(out.toString())
        .isEqualTo(
            "\r\u001b[K  ["
                + ".".repeat(20)
                + "]   0 %  node 1 fills"
                + ("\r\u001b[K  [" + "#".repeat(10) + ".".repeat(10) + "]  50 %  node 1 fills")
                + "\r\u001b[KNode 1 filled.\n");
  }

  @Test
  void bar_moreThanTotal_staysFull() {
    Progress.on(out, false).bar("x", 10).at(25);

    assertThat(out.toString()).contains("[" + "#".repeat(20) + "] 100 %");
  }

  @Test
  void say_nobodyReads_fails() {
    PrintStream closed = new PrintStream(OutputStream.nullOutputStream());
    closed.close();

    assertThatThrownBy(() -> Progress.on(closed, true).say("x"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("standard output cannot be written");
  }

  @Test
  void bar_nothingToDo_doesNotDivideByZero() {
    Progress.on(out, true).bar("x", 0).at(0);
    Progress.on(out, false).bar("x", 0).at(0);

    assertThat(out.toString()).contains("100 %");
  }
}
