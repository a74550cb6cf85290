// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.report.Row;
import dev.warren.examples.demo.wire.Line;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Node 2 corrects outdated transitions; node 1 sees each. */
final class ChangeStep implements Step {

  /** Corrections made here; the rest is left for {@link KillOneStep}. */
  static final int CHANGES = 500;

  private static final long PACE_MICROS = 4_000;
  private static final long TIMEOUT_MILLIS = 60_000;

  @Override
  public String title() {
    return "3 change";
  }

  @Override
  public Row run(Stage stage) throws InterruptedException {
    stage.progress().say("MongoDB's copy is awaited: the next figure is that of changes alone.");
    stage.awaitPersisted(1);
    long offset1 = Clocks.offsetNanos(stage, 1);
    long offset2 = Clocks.offsetNanos(stage, 2);
    Progress.Bar bar = stage.progress().bar("node 2 changes entries, node 1 sees them", CHANGES);
    CompletableFuture<Void> watching = new CompletableFuture<>();
    AtomicLong seen = new AtomicLong();
    CompletableFuture<Line> watch =
        stage
            .cluster()
            .node(1)
            .send(
                range("watch").with("timeoutMillis", TIMEOUT_MILLIS),
                done -> {
                  watching.complete(null);
                  seen.set(done);
                });
    CompletableFuture.anyOf(watching, watch).join();
    CompletableFuture<Line> correct =
        stage.cluster().node(2).send(range("correct").with("paceMicros", PACE_MICROS), done -> {});
    Line ends = stage.follow(1, watch, seen, bar);
    Line beginnings = stage.await(2, correct);
    Latencies latencies =
        Latencies.between(beginnings.numbers("stamps"), offset2, ends.numbers("stamps"), offset1);
    String figure =
        "p50 %s, p99 %s (%s broker)"
            .formatted(
                Stage.millis(latencies.percentile(50)),
                Stage.millis(latencies.percentile(99)),
                stage.cluster().brokerLabel());
    bar.end("%s changes on node 2 were seen on node 1: %s.".formatted(CHANGES, figure));
    return new Row(
        title(),
        "%d changes on node 2 are seen on node 1".formatted(CHANGES),
        figure,
        new Tally(CHANGES, 0).outcome()); // the watch ends only when each has its right value
  }

  private static Line range(String verb) {
    return Line.of(verb).with("from", 0).with("to", CHANGES);
  }
}
