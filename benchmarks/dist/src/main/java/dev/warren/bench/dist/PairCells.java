// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import dev.warren.bench.dist.NodeProcess.Answer;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * What two nodes of Warren do, beside two processes that use the broker's client alone. Warren
 * begins each repetition; the raw processes then send as many messages of the same sizes as
 * Warren's nodes wrote into their log.
 */
final class PairCells implements AutoCloseable {

  /** As many as Warren has under way by default. */
  static final int WINDOW = 16;

  static final long PING_MICROS = 2_000;
  static final int READ_KEYS = 100_000;
  static final String HEAP = "1g";

  private static final int BURST = 20_000;

  private final Lab lab;
  private final String cluster = Lab.cluster();
  private final NodeProcess a;
  private final NodeProcess b;
  private final NodeProcess rawA;
  private final NodeProcess rawB;
  private int round;

  PairCells(Lab lab) throws IOException, InterruptedException {
    this.lab = lab;
    a = lab.warren("warren-a", cluster, HEAP);
    b = lab.warren("warren-b", cluster, HEAP);
    String stream = "raw-" + cluster;
    rawA = lab.raw("raw-a", stream, WINDOW);
    rawB = lab.raw("raw-b", stream, WINDOW);
  }

  void run(Predicate<String> wanted) throws InterruptedException {
    lab.results().note("Broker: " + rawA.ask("broker").text(0) + ".");
    puts(1, wanted, Line.PUTS_1);
    puts(4, wanted, Line.PUTS_4);
    puts(16, wanted, Line.PUTS_16);
    if (wanted.test("latency")) {
      latency();
    }
    if (wanted.test("caller")) {
      caller();
    }
    if (wanted.test("reads")) {
      reads();
    }
  }

  private String offset() throws InterruptedException {
    return a.ask("offset").text(0);
  }

  // ---- throughput

  private void puts(int threads, Predicate<String> wanted, Line line) throws InterruptedException {
    if (!wanted.test(line.cell)) {
      return;
    }
    for (int i = -lab.scale().warmUps(); i < lab.scale().repetitions(); i++) {
      int count = lab.scale().puts();
      String arguments = " " + threads + " " + count + " " + ++round;
      String from = offset();
      long applied = b.ask("counts").number(0);
      b.send("await" + arguments);
      long begin = a.ask("puts" + arguments).number(0);
      Answer seen = b.await();
      Lab.check(seen.number(1) == 0, "no write may come behind a later one", seen.words());
      String to = settleAndCompare();
      long events = b.ask("counts").number(0) - applied;
      Lab.check(
          events >= count + threads && events < count + threads + 200,
          (count + threads) + " events and a few heartbeats must have been applied",
          events);
      double rate = rate(count, seen.number(0) - begin);

      Answer sizes = rawB.ask("sizes warren." + cluster + " " + from + " " + to);
      rawA.ask("sizes warren." + cluster + " " + from + " " + to);
      double rawRate = rate(count, publish(sizes));
      if (i >= 0) {
        lab.results().add(line, Results.WARREN, rate);
        lab.results().add(line, Results.BESIDE, rawRate);
      }
      if (i == lab.scale().repetitions() - 1) {
        lab.results()
            .note(
                "%s: %,d events in %,d messages of %,d bytes on average."
                    .formatted(
                        line.cell,
                        events,
                        sizes.number(0),
                        sizes.number(1) / Math.max(1, sizes.number(0))));
      }
    }
  }

  private static double rate(long events, long nanos) {
    return events * 1e9 / nanos;
  }

  /** Both nodes hold the same, and nothing happened that must not; the offset up to which. */
  private String settleAndCompare() throws InterruptedException {
    String position = a.ask("settle").text(0);
    String to = offset();
    b.ask("reach " + position);
    Answer ofA = a.ask("digest");
    Answer ofB = b.ask("digest");
    Lab.check(ofA.words().equals(ofB.words()), "the digests must be equal: " + ofA, ofB);
    for (NodeProcess node : new NodeProcess[] {a, b}) {
      long bad = node.ask("counts").number(1);
      Lab.check(bad == 0, "no event may be skipped or lost", bad);
    }
    return to;
  }

  /** Nanoseconds from the first message to the arrival of the last one in the other process. */
  private long publish(Answer sizes) throws InterruptedException {
    rawA.ask("mark");
    rawB.ask("mark");
    rawB.send("await " + sizes.text(0));
    long begin = rawA.ask("publish").number(0);
    Answer seen = rawB.await();
    Lab.check(seen.number(1) == sizes.number(1), sizes.text(1) + " bytes must come", seen.text(1));
    return seen.number(0) - begin;
  }

  // ---- latency

  private void latency() throws InterruptedException {
    for (int i = -lab.scale().warmUps(); i < lab.scale().repetitions(); i++) {
      int count = lab.scale().pings();
      round++;
      String from = offset();
      b.send("pong " + count + " " + round);
      a.ask("ping " + count + " " + PING_MICROS + " " + round);
      Answer ours = b.await();
      String to = settleAndCompare();

      rawA.ask("sizes warren." + cluster + " " + from + " " + to);
      rawA.ask("mark");
      rawB.ask("mark");
      rawB.send("pong " + count);
      rawA.ask("ping " + count + " " + PING_MICROS);
      Answer raw = rawB.await();
      if (i >= 0) {
        lab.results().add(Line.LATENCY_P50, Results.WARREN, ours.number(0) / 1e3);
        lab.results().add(Line.LATENCY_P50, Results.BESIDE, raw.number(0) / 1e3);
        lab.results().add(Line.LATENCY_P99, Results.WARREN, ours.number(1) / 1e3);
        lab.results().add(Line.LATENCY_P99, Results.BESIDE, raw.number(1) / 1e3);
      }
    }
  }

  // ---- the caller, and readers

  private void caller() throws InterruptedException {
    String request = "caller " + BURST + " " + lab.scale().bursts();
    for (int i = -lab.scale().warmUps(); i < lab.scale().repetitions(); i++) {
      Answer nanos = a.ask(request);
      if (i >= 0) {
        lab.results().add(Line.CALLER, Results.WARREN, nanos.real(0));
        lab.results().add(Line.CALLER, Results.BESIDE, nanos.real(1) + nanos.real(2));
      }
      if (i == lab.scale().repetitions() - 1) {
        lab.results()
            .note(
                "caller: of what stands beside, a local put took %.0f ns, encoding %.0f ns."
                    .formatted(nanos.real(1), nanos.real(2)));
      }
    }
  }

  private void reads() throws InterruptedException {
    a.ask("fill " + READ_KEYS + " " + CacheNode.VALUE_BYTES);
    settleAndCompare();
    for (int i = -1; i < lab.scale().repetitions(); i++) {
      Answer nanos = b.ask("both " + READ_KEYS + " " + CacheNode.VALUE_BYTES);
      if (i >= 0) {
        lab.results().add(Line.READS, Results.WARREN, nanos.real(0));
        lab.results().add(Line.READS, Results.BESIDE, nanos.real(1));
      }
    }
  }

  @Override
  public void close() {
    a.close();
    b.close();
    rawA.close();
    rawB.close();
  }
}
