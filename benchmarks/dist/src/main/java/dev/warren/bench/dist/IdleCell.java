// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What three nodes cost that hold something and do nothing. */
final class IdleCell {

  private static final int NODES = 3;
  private static final int SETTLE_SECONDS = 5;

  private IdleCell() {}

  static void run(Lab lab) throws IOException, InterruptedException {
    String cluster = Lab.cluster();
    List<NodeProcess> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(lab.warren("idle-" + i, cluster, "1g"));
      }
      nodes.get(0).ask("fill " + lab.scale().entries() / 10 + " " + CacheNode.VALUE_BYTES);
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      for (int i = 0; i < lab.scale().repetitions(); i++) {
        lab.results().add(Line.IDLE, Results.WARREN, busiest(nodes, lab.scale().idleSeconds()));
      }
    } finally {
      nodes.forEach(NodeProcess::close);
    }
  }

  /** Of the busiest node: processor time of the period, in percent of it. */
  private static double busiest(List<NodeProcess> nodes, int seconds) throws InterruptedException {
    long begin = System.nanoTime();
    List<Long> before = nodes.stream().map(NodeProcess::cpuNanos).toList();
    TimeUnit.SECONDS.sleep(seconds);
    double most = 0;
    for (int i = 0; i < nodes.size(); i++) {
      most = Math.max(most, (double) (nodes.get(i).cpuNanos() - before.get(i)));
    }
    return 100.0 * most / (System.nanoTime() - begin);
  }
}
