// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.report.Row;
import dev.warren.examples.demo.wire.Line;

/** Node 2, which put nothing, reads everything from its own heap. */
final class ReadStep implements Step {

  private static final long READ_MILLIS = 1_500;

  @Override
  public String title() {
    return "2 read";
  }

  @Override
  public Row run(Stage stage) throws InterruptedException {
    stage.awaitEntries(2);
    Tally tally = stage.check(2, Edition.FIRST);
    Line answer = stage.ask(2, Line.of("read").with("millis", READ_MILLIS));
    long reads = answer.number("reads");
    String rate =
        Stage.count(Math.round(reads * 1e9 / answer.number("nanos"))) + " reads/s, one thread";
    stage.progress().say("Node 2, which put nothing, reads from its own heap: " + rate + ".");
    return new Row(
        title(),
        "node 2 reads from its own heap",
        rate,
        tally.plus(Tally.of(answer.number("absent") == 0)).outcome());
  }
}
