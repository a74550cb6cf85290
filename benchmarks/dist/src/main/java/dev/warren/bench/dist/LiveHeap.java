// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What of the heap is reachable, looked at again and again on a thread of its own. */
final class LiveHeap {

  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread = new Thread(this::look, "live-heap");

  // Read by others after the thread's end only.
  private long most;
  private int looks;

  LiveHeap() {
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    try {
      do {
        most = Math.max(most, bytes());
        looks++;
      } while (!ending.await(20, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** In use after a collection. */
  static long bytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  String stop() throws InterruptedException {
    ending.countDown();
    thread.join();
    return most + " " + looks;
  }
}
