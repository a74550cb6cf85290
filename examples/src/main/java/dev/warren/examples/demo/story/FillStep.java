// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.report.Row;
import dev.warren.examples.demo.wire.Line;
import java.io.IOException;

/** Node 1 fills both caches. */
final class FillStep implements Step {

  private final boolean plantWrongAnswer;

  FillStep(boolean plantWrongAnswer) {
    this.plantWrongAnswer = plantWrongAnswer;
  }

  @Override
  public String title() {
    return "1 fill";
  }

  @Override
  public Row run(Stage stage) throws IOException, InterruptedException {
    stage.progress().say("Two nodes start, each a JVM of its own.");
    stage.startReady(1);
    stage.startReady(2);
    Progress.Bar bar = stage.progress().bar("node 1 fills two caches", stage.entries());
    Line answer = stage.ask(1, Line.of("fill"), bar);
    long nanos = answer.number("nanos");
    String figure =
        "%s, %s entries/s (%s broker)"
            .formatted(
                Stage.seconds(nanos),
                Stage.count(Math.round(stage.entries() * 1e9 / nanos)),
                stage.cluster().brokerLabel());
    bar.end(
        "Node 1 put %s time-zone transitions and %s currency names into the log: %s."
            .formatted(Stage.count(stage.zones()), Stage.count(stage.names()), figure));
    if (plantWrongAnswer) {
      stage.progress().say("A wrong answer is planted: " + plant(stage));
    }
    Tally tally = stage.check(1, Edition.FIRST);
    return new Row(
        title(),
        "node 1 fills %s + %s entries"
            .formatted(Stage.count(stage.zones()), Stage.count(stage.names())),
        figure,
        tally.outcome());
  }

  private static String plant(Stage stage) throws InterruptedException {
    return stage.ask(1, Line.of("plant")).text("key");
  }
}
