// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.report.Outcome;
import dev.warren.examples.demo.report.Row;
import dev.warren.examples.demo.wire.Line;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The broker is killed and restarted while both nodes write; every accepted write is counted. */
final class KillBrokerStep implements Step {

  private static final int WRITES_PER_SECOND = 200;
  private static final long BEFORE_MILLIS = 2_000;
  private static final long AWAY_MILLIS = 2_000;
  private static final long AFTER_MILLIS = 2_000;

  @Override
  public String title() {
    return "7 kill the broker";
  }

  @Override
  public Row run(Stage stage) throws IOException, InterruptedException {
    Optional<String> whyNot = stage.cluster().whyBrokerIsNotKilled();
    if (whyNot.isPresent()) {
      stage.progress().say("Killing the broker is " + whyNot.get() + ".");
      return new Row(
          title(), "broker killed while both write", "-", new Outcome.NotRun(whyNot.get()));
    }
    for (int node = 1; node <= 2; node++) {
      stage.ask(node, Line.of("write").with("node", node).with("perSecond", WRITES_PER_SECOND));
    }
    TimeUnit.MILLISECONDS.sleep(BEFORE_MILLIS);
    long killed = System.nanoTime();
    stage.cluster().killBroker();
    TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
    stage
        .progress()
        .say(
            "The broker was killed (SIGKILL) while both nodes write. Node 1 says: %s"
                .formatted(stage.ask(1, Line.of("stats")).text("health")));
    stage.cluster().restartBroker();
    long away = System.nanoTime() - killed;
    stage.progress().say("The broker is back after %s.".formatted(Stage.seconds(away)));
    TimeUnit.MILLISECONDS.sleep(AFTER_MILLIS);
    return count(stage, away);
  }

  private Row count(Stage stage, long awayNanos) throws InterruptedException {
    long[] accepted = new long[3];
    long refused = 0;
    for (int node = 1; node <= 2; node++) {
      Line answer = stage.ask(node, Line.of("write-stop"));
      accepted[node] = answer.number("accepted");
      refused += answer.number("refused");
    }
    Tally tally = Tally.of(accepted[1] > 0 && accepted[2] > 0);
    for (int node = 1; node <= 2; node++) {
      for (int writer = 1; writer <= 2; writer++) {
        tally = tally.plus(stage.checkWritten(node, writer, accepted[writer]));
      }
      tally = tally.plus(stage.check(node, Edition.CORRECTED));
    }
    return new Row(
        title(),
        "broker killed while both write",
        "%s writes accepted, %s refused; broker away %s"
            .formatted(
                Stage.count(accepted[1] + accepted[2]),
                Stage.count(refused),
                Stage.seconds(awayNanos)),
        tally.outcome());
  }
}
