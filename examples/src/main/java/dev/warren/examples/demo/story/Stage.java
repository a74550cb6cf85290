// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.CurrencyNames;
import dev.warren.examples.demo.data.Edition;
import dev.warren.examples.demo.data.ZoneTransitions;
import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.wire.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What every step uses: the cluster, the progress, and the questions that several steps ask. */
final class Stage {

  /** Longest that a node may take for one request. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Longest that a node may take to get ready or to catch up. */
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  /** Longest that the embedded database may take to store what was written. */
  private static final Duration PERSIST = Duration.ofSeconds(150);

  private static final long REDRAW_MILLIS = 50;

  private final Cluster cluster;
  private final Progress progress;
  private final int zones = ZoneTransitions.dataset(Edition.CORRECTED).size();
  private final int names = CurrencyNames.dataset().size();

  Stage(Cluster cluster, Progress progress) {
    this.cluster = cluster;
    this.progress = progress;
  }

  Cluster cluster() {
    return cluster;
  }

  Progress progress() {
    return progress;
  }

  /** Transitions. */
  int zones() {
    return zones;
  }

  /** Currency names. */
  int names() {
    return names;
  }

  /** Entries of both caches. */
  int entries() {
    return zones + names;
  }

  /** Asks a node and waits for its last line. */
  Line ask(int node, Line request) throws InterruptedException {
    return cluster.node(node).ask(request, PATIENCE);
  }

  /** Waits for the answer to a request that was sent. */
  Line await(int node, CompletableFuture<Line> answer) throws InterruptedException {
    return cluster.node(node).await("the last request", answer, PATIENCE);
  }

  /** Asks a node while a bar shows its progress; the caller ends the bar. */
  Line ask(int node, Line request, Progress.Bar bar) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    return follow(node, cluster.node(node).send(request, done::set), done, bar);
  }

  /** Draws the bar on this thread until the answer is there. */
  Line follow(int node, CompletableFuture<Line> answer, AtomicLong done, Progress.Bar bar)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!answer.isDone() && System.nanoTime() - deadlineNs < 0) {
      bar.at(done.get());
      TimeUnit.MILLISECONDS.sleep(REDRAW_MILLIS);
    }
    return await(node, answer);
  }

  /** Starts a node and waits until it is ready; answers whence its memory came. */
  Recovered startReady(int node) throws IOException, InterruptedException {
    cluster.start(node);
    return Recovered.of(ask(node, Line.of("ready").with("timeoutMillis", CATCH_UP.toMillis())));
  }

  /** Waits until a node holds as many entries as the data sets have. */
  void awaitEntries(int node) throws InterruptedException {
    ask(
        node,
        Line.of("await")
            .with("zones", zones)
            .with("names", names)
            .with("timeoutMillis", CATCH_UP.toMillis()));
  }

  /** Waits until MongoDB's copy covers what a node has written and applied. */
  void awaitPersisted(int node) throws InterruptedException {
    ask(node, Line.of("persisted").with("timeoutMillis", PERSIST.toMillis()));
  }

  /** Has a node compare every key with the JDK. */
  Tally check(int node, Edition edition) throws InterruptedException {
    Progress.Bar bar = progress.bar("node " + node + " compares every key with the JDK", entries());
    Line answer = ask(node, Line.of("check").with("edition", edition.word()), bar);
    return tell(node, answer, bar);
  }

  /** Has a node count the writes of {@code writer}. */
  Tally checkWritten(int node, int writer, long count) throws InterruptedException {
    Progress.Bar bar =
        progress.bar("node %d looks for every write of node %d".formatted(node, writer), count);
    Line answer =
        ask(
            node,
            Line.of("check-written")
                .with("node", writer)
                .with("count", count)
                .with("timeoutMillis", CATCH_UP.toMillis()),
            bar);
    return tell(node, answer, bar);
  }

  private Tally tell(int node, Line answer, Progress.Bar bar) {
    Tally tally = Tally.of(answer);
    bar.end(
        "  Node %d gave %s right and %s wrong answers."
            .formatted(node, count(tally.right()), count(tally.wrong())));
    if (tally.wrong() > 0) {
      progress.say("  For example: " + answer.text("sample"));
    }
    return tally;
  }

  /** A number for people: {@code 12,484}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Seconds for people: {@code 1.9 s}. */
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  /** Milliseconds for people: {@code 0.84 ms}. */
  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
