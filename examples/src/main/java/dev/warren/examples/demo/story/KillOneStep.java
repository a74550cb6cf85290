// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.data.ZoneTransitions;
import dev.warren.examples.demo.report.Row;
import dev.warren.examples.demo.wire.Line;
import java.io.IOException;

/** Node 2 is killed, misses changes, and comes back. */
final class KillOneStep implements Step {

  @Override
  public String title() {
    return "4 kill one node";
  }

  @Override
  public Row run(Stage stage) throws IOException, InterruptedException {
    int missed = ZoneTransitions.CORRECTIONS - ChangeStep.CHANGES;
    stage.cluster().kill(2);
    stage.ask(
        1,
        Line.of("correct")
            .with("from", ChangeStep.CHANGES)
            .with("to", ZoneTransitions.CORRECTIONS)
            .with("paceMicros", 0));
    stage
        .progress()
        .say(
            "Node 2 was killed (SIGKILL); node 1 made %d changes meanwhile. Node 2 starts again."
                .formatted(missed));
    Recovered recovered = stage.startReady(2);
    stage
        .progress()
        .say("Node 2 is ready: %s, in %s ms.".formatted(recovered.entries(), recovered.millis()));
    stage.awaitEntries(2);
    Tally tally = stage.check(2, Edition.CORRECTED).plus(stage.check(1, Edition.CORRECTED));
    return new Row(
        title(),
        "node 2 killed, started again; missed %d changes".formatted(missed),
        recovered.figure(),
        tally.outcome());
  }
}
