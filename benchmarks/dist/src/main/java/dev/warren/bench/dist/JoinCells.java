// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import dev.warren.bench.dist.NodeProcess.Answer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A node that gets its memory from another: at rest, and while the others write and read. Each
 * joiner is a fresh JVM, as joiners are.
 */
final class JoinCells implements AutoCloseable {

  static final int BYTES = 200;
  static final String HEAP = "2g";

  private static final int WRITES_PER_SECOND = 5_000;

  private final Lab lab;
  private final String cluster = Lab.cluster();
  private final NodeProcess source;

  JoinCells(Lab lab) throws IOException, InterruptedException {
    this.lab = lab;
    source = lab.warren("source", cluster, HEAP);
    try (NodeProcess joiner = lab.warren("joiner", cluster, HEAP)) {
      noteEmpty(lab, Results.WARREN, joiner.ask("opened").number(0));
    }
    source.ask("fill " + lab.scale().entries() + " " + BYTES);
  }

  void run(Predicate<String> wanted) throws IOException, InterruptedException {
    if (wanted.test("join")) {
      for (int i = 0; i < lab.scale().repetitions(); i++) {
        join();
      }
      for (int i = 0; i < lab.scale().repetitions(); i++) {
        heap();
      }
    }
    if (wanted.test("join-load")) {
      try (NodeProcess second = joiner("second")) {
        for (int i = 0; i < lab.scale().repetitions(); i++) {
          underLoad(second);
        }
      }
    }
  }

  /** A node that is ready, with everything. */
  private NodeProcess joiner(String name) throws IOException, InterruptedException {
    NodeProcess joiner = lab.warren(name, cluster, HEAP);
    Answer recovery = joiner.ask("recovery");
    Lab.check(recovery.text(0).equals("SIBLING"), "it must join from the other", recovery.words());
    Lab.check(
        recovery.number(1) == lab.scale().entries(),
        lab.scale().entries() + " entries must come",
        recovery.words());
    return joiner;
  }

  /** How long it takes when nothing comes. */
  static void noteEmpty(Lab lab, String title, long nanos) {
    lab.results()
        .note(
            "%s, %s: opening beside an empty node took %,d ms."
                .formatted(Line.JOIN.cell, title, nanos / 1_000_000));
  }

  private void join() throws IOException, InterruptedException {
    try (NodeProcess joiner = joiner("joiner")) {
      long millis = joiner.ask("recovery").number(2);
      compare(List.of(source, joiner));
      lab.results().add(Line.JOIN, Results.WARREN, lab.scale().entries() * 1e3 / millis);
      long open = joiner.ask("opened").number(0);
      lab.results().add(Line.JOIN_OPEN, Results.WARREN, lab.scale().entries() * 1e9 / open);
    }
  }

  /** Collections hold the transfer up, so this one is not timed. */
  private void heap() throws IOException, InterruptedException {
    long before = source.ask("live").number(0);
    source.ask("watch-live");
    NodeProcess joiner = joiner("joiner");
    Answer most = source.ask("most-live");
    joiner.close();
    Lab.check(most.number(1) > 1, "the heap must be looked at several times", most.words());
    lab.results().add(Line.JOIN_HEAP, Results.WARREN, 100.0 * (most.number(0) - before) / before);
  }

  private void underLoad(NodeProcess second) throws IOException, InterruptedException {
    List<NodeProcess> others = List.of(source, second);
    for (int part = 0; part < others.size(); part++) {
      others
          .get(part)
          .ask(
              "load %d %d %d %d %d"
                  .formatted(
                      WRITES_PER_SECOND / others.size(),
                      part,
                      others.size(),
                      lab.scale().entries(),
                      BYTES));
    }
    TimeUnit.SECONDS.sleep(1); // warms up
    figures(others);
    TimeUnit.SECONDS.sleep(lab.scale().loadSeconds());
    Figures before = figures(others);
    try (NodeProcess third = joiner("third")) {
      Figures during = figures(others);
      long position = 0;
      long written = 0;
      for (NodeProcess node : others) {
        Answer stopped = node.ask("load-stop");
        position = Math.max(position, stopped.number(0));
        written += stopped.number(1);
      }
      Lab.check(written > 0, "keys must have been written", written);
      for (NodeProcess node : List.of(source, second, third)) {
        node.ask("reach " + position);
      }
      compare(List.of(source, second, third));
      lab.results().add(Line.LOAD_GET, Results.WARREN, during.longestGetMillis());
      lab.results().add(Line.LOAD_GET, Results.BESIDE, before.longestGetMillis());
      lab.results().add(Line.LOAD_WRITES, Results.WARREN, during.writesPerSecond());
      lab.results().add(Line.LOAD_WRITES, Results.BESIDE, before.writesPerSecond());
    }
  }

  private record Figures(double writesPerSecond, double longestGetMillis) {}

  private static Figures figures(List<NodeProcess> nodes) throws InterruptedException {
    double writes = 0;
    double longest = 0;
    for (NodeProcess node : nodes) {
      Answer answer = node.ask("load-figures");
      writes += answer.number(0) * 1e9 / answer.number(1);
      longest = Math.max(longest, answer.number(2) / 1e6);
    }
    return new Figures(writes, longest);
  }

  /** All hold the same, as many as were filled in. */
  private void compare(List<NodeProcess> nodes) throws InterruptedException {
    Answer first = nodes.get(0).ask("digest");
    Lab.check(
        first.number(1) == lab.scale().entries(),
        lab.scale().entries() + " entries must be there",
        first.words());
    for (NodeProcess node : nodes) {
      Answer digest = node.ask("digest");
      Lab.check(
          digest.words().equals(first.words()), "the digests must be equal: " + first, digest);
      long bad = node.ask("counts").number(1);
      Lab.check(bad == 0, "no event may be skipped or lost", bad);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
