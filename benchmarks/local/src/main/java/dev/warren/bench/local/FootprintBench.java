// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Compares heap per entry, and the time from a fresh JVM to the first put and get. */
final class FootprintBench {

  private static final int HEAP_RUNS = 3;
  private static final int START_RUNS = 15;

  private FootprintBench() {}

  /**
   * @param arguments the folder {@code benchmarks}, then {@code heap} or {@code start}
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<Peer> peers = new ArrayList<>();
    for (String name : Peer.NAMES) {
      peers.add(Peer.of(Path.of(arguments[0]), name));
    }
    boolean heap = arguments[1].equals("heap");
    int runs = heap ? HEAP_RUNS : START_RUNS;
    List<List<Double>> figures = new ArrayList<>();
    peers.forEach(peer -> figures.add(new ArrayList<>()));
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < peers.size(); i++) {
        figures.get(i).add(heap ? heap(peers.get(i)) : start(peers.get(i)));
      }
    }
    System.out.println(
        heap
            ? "| provider | bytes per entry: median | least | most |"
            : "| provider | ms: median | least | most |");
    System.out.println("|---|---:|---:|---:|");
    for (int i = 0; i < peers.size(); i++) {
      List<Double> sorted = figures.get(i);
      Collections.sort(sorted);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f |%n",
          peers.get(i).name(),
          sorted.get(sorted.size() / 2),
          sorted.get(0),
          sorted.get(sorted.size() - 1));
    }
  }

  private static double heap(Peer peer) throws IOException, InterruptedException {
    String printed = peer.run(HeapProbe.class, List.of("-Xms2g", "-Xmx2g"), List.of());
    return Double.parseDouble(printed.trim().lines().reduce("", (before, line) -> line));
  }

  private static double start(Peer peer) throws IOException, InterruptedException {
    String printed = peer.run(StartProbe.class, List.of("-Xshare:auto"), List.of());
    return Double.parseDouble(printed.trim().lines().reduce("", (before, line) -> line));
  }
}
