// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.report.Row;
import java.io.IOException;

/**
 * All nodes are killed, one of the two places that outlive them is lost, and the nodes get
 * everything back from the other. The copy must be complete first: what MongoDB does not cover yet
 * exists in the log only.
 *
 * <p>MongoDB is lost before the log is: from the log the nodes fill MongoDB again, whereas the log
 * that follows a lost one begins with what MongoDB held, and holds nothing of it.
 */
final class KillAllStep implements Step {

  /** What is lost while no node lives. */
  enum Loss {
    DATABASE,
    LOG
  }

  private final String title;
  private final Loss loss;

  KillAllStep(String title, Loss loss) {
    this.title = title;
    this.loss = loss;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Row run(Stage stage) throws IOException, InterruptedException {
    stage
        .progress()
        .say(
            "MongoDB's copy is awaited: it must cover every write so far."
                + (loss == Loss.LOG
                    ? " The node that keeps it takes over when the killed ones are missed (10 s)."
                    : ""));
    long start = System.nanoTime();
    stage.awaitPersisted(1);
    stage.awaitPersisted(2);
    stage
        .progress()
        .say(
            "The copy is complete after %s. All nodes are killed (SIGKILL)."
                .formatted(Stage.seconds(System.nanoTime() - start)));
    stage.cluster().kill(1);
    stage.cluster().kill(2);
    switch (loss) {
      case DATABASE -> {
        stage.cluster().emptyDatabase();
        stage.progress().say("MongoDB was emptied. The nodes start again with the log alone.");
      }
      case LOG -> {
        stage.cluster().loseLog();
        stage.progress().say("The log is gone. The nodes start again with MongoDB alone.");
      }
    }
    Recovered recovered = stage.startReady(1);
    stage
        .progress()
        .say("Node 1 is ready: %s, in %s ms.".formatted(recovered.entries(), recovered.millis()));
    stage.startReady(2);
    stage.awaitEntries(2);
    Tally tally =
        Tally.of(isFromTheOther(recovered, stage.entries()))
            .plus(stage.check(1, Edition.CORRECTED))
            .plus(stage.check(2, Edition.CORRECTED));
    return new Row(
        title,
        loss == Loss.LOG
            ? "all nodes killed, log gone: MongoDB alone"
            : "all nodes killed, MongoDB emptied: log alone",
        recovered.figure(),
        tally.outcome());
  }

  private boolean isFromTheOther(Recovered recovered, long entries) {
    return switch (loss) {
      case DATABASE ->
          recovered.source().equals("LOG")
              && recovered.fromSource() == 0
              && recovered.fromLog() == entries;
      case LOG ->
          recovered.source().equals("DATABASE")
              && recovered.fromSource() == entries
              && recovered.fromLog() == 0;
    };
  }
}
