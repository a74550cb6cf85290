// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import dev.warren.bench.dist.NodeProcess.Answer;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * What two nodes of another product do when they are asked for the same, through JCache alone. They
 * run when Warren's processes and the broker are gone, so that nobody shares the processors.
 */
final class PeerCells {

  /** Of the first round of {@code puts}, which tells how fast a peer is. */
  private static final int PROBE = 8;

  private final Lab lab;
  private final Peer peer;

  /** Of its column. */
  private final String title;

  private int round;

  private PeerCells(Lab lab, Peer peer, String title) {
    this.lab = lab;
    this.peer = peer;
    this.title = title;
  }

  /** Measures one peer after the other. What fails is told by the results, which go on. */
  static void run(Lab lab, List<Peer> peers, Predicate<String> wanted) throws InterruptedException {
    for (Peer peer : peers) {
      String title = title(lab, peer);
      lab.results().addPeer(title);
      try {
        new PeerCells(lab, peer, title).run(wanted);
      } catch (IOException | RuntimeException e) {
        lab.results()
            .fail(
                title,
                e + "; logs: " + lab.benchmarks().resolve("target/dist/" + peer.key() + "-*.log"));
      }
    }
  }

  private static String title(Lab lab, Peer peer) {
    try {
      return peer.title(Lab.classPath(lab.benchmarks(), peer.folder()));
    } catch (IOException e) {
      return peer.title(""); // it is not built, which its first node will tell
    }
  }

  private void run(Predicate<String> wanted) throws IOException, InterruptedException {
    if (List.of(Line.PUTS_1, Line.PUTS_4, Line.PUTS_16, Line.LATENCY_P50, Line.READS).stream()
        .anyMatch(line -> wanted.test(line.cell))) {
      PeerCluster cluster = new PeerCluster(lab, peer, PairCells.HEAP);
      try (NodeProcess a = cluster.start("a");
          NodeProcess b = cluster.start("b")) {
        puts(a, b, 1, wanted, Line.PUTS_1);
        puts(a, b, 4, wanted, Line.PUTS_4);
        puts(a, b, 16, wanted, Line.PUTS_16);
        if (wanted.test(Line.LATENCY_P50.cell)) {
          latency(a, b);
        }
        if (wanted.test(Line.READS.cell)) {
          reads(a, b);
        }
      }
    }
    if (wanted.test(Line.JOIN.cell) && peer.opensComplete) {
      joins();
    }
  }

  private void puts(NodeProcess a, NodeProcess b, int threads, Predicate<String> wanted, Line line)
      throws InterruptedException {
    if (!wanted.test(line.cell)) {
      return;
    }
    int count = lab.scale().puts() / PROBE;
    long late = 0;
    long puts = 0;
    for (int i = -lab.scale().warmUps(); i < lab.scale().repetitions(); i++) {
      Puts done = puts(a, b, threads, count);
      if (i < 0) {
        count = bearable(count, done);
      } else {
        lab.results().add(line, title, count * 1e9 / done.nanos());
        late += done.late();
        puts += count;
      }
    }
    if (late > 0) {
      lab.results()
          .note(
              "%s, %s: %,d of %,d writes came behind a later one of their thread."
                  .formatted(line.cell, title, late, puts));
    }
  }

  /** As many as for Warren, unless they would take too long: some peers' are a round trip each. */
  private int bearable(int count, Puts done) {
    double rate = count * 1e9 / done.nanos();
    return (int) Math.min(lab.scale().puts(), Math.max(count, rate * lab.scale().peerPutSeconds()));
  }

  private record Puts(long nanos, long late) {}

  /** From the first put until the other node has all. */
  private Puts puts(NodeProcess a, NodeProcess b, int threads, int count)
      throws InterruptedException {
    String arguments = " " + threads + " " + count + " " + ++round;
    b.send("await" + arguments);
    long begin = a.ask("puts" + arguments).number(0);
    Answer seen = b.await();
    return new Puts(seen.number(0) - begin, seen.number(1));
  }

  private void latency(NodeProcess a, NodeProcess b) throws InterruptedException {
    for (int i = -lab.scale().warmUps(); i < lab.scale().repetitions(); i++) {
      int count = lab.scale().pings();
      round++;
      b.send("pong " + count + " " + round);
      a.ask("ping " + count + " " + PairCells.PING_MICROS + " " + round);
      Answer ages = b.await();
      if (i >= 0) {
        lab.results().add(Line.LATENCY_P50, title, ages.number(0) / 1e3);
        lab.results().add(Line.LATENCY_P99, title, ages.number(1) / 1e3);
      }
    }
  }

  private void reads(NodeProcess a, NodeProcess b) throws InterruptedException {
    String size = PairCells.READ_KEYS + " " + CacheNode.VALUE_BYTES;
    a.ask("fill " + size);
    b.ask("await 0 " + PairCells.READ_KEYS + " 0");
    for (int i = -1; i < lab.scale().repetitions(); i++) {
      double nanos = b.ask("reads " + size).real(0);
      if (i >= 0) {
        lab.results().add(Line.READS, title, nanos);
      }
    }
  }

  // ---- joins

  /**
   * What the joiner holds it shows at the end: the other is killed, and it must have all. The time
   * that it takes to open beside an empty node is told, for it is part of each figure.
   */
  private void joins() throws IOException, InterruptedException {
    PeerCluster cluster = new PeerCluster(lab, peer, JoinCells.HEAP);
    int entries = lab.scale().entries();
    try (NodeProcess source = cluster.start("source")) {
      long empty;
      try (NodeProcess joiner = cluster.start("joiner")) {
        empty = joiner.ask("opened").number(0);
      }
      source.ask("fill " + entries + " " + JoinCells.BYTES);
      for (int i = 1; i <= lab.scale().repetitions(); i++) {
        try (NodeProcess joiner = cluster.start("joiner")) {
          long nanos = joiner.ask("opened").number(0);
          if (i == lab.scale().repetitions()) {
            source.kill();
          }
          long size = joiner.ask("size").number(0);
          Lab.check(size == entries, entries + " entries must come", size);
          lab.results().add(Line.JOIN_OPEN, title, entries * 1e9 / nanos);
        }
      }
      JoinCells.noteEmpty(lab, title, empty);
    }
  }
}
