// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

/** What keeps its order on the way: a thread's queue, or one direction of a connection. */
final class Lane {

  private final VirtualTime time;
  private long lastMicros;
  private boolean ended;

  Lane(VirtualTime time) {
    this.time = time;
  }

  /** Runs {@code task} a little later, after all that was handed in before. */
  void execute(Runnable task) {
    lastMicros = Math.max(lastMicros, time.nowMicros() + time.jitterMicros());
    time.at(lastMicros, () -> run(task));
  }

  private void run(Runnable task) {
    if (!ended) {
      task.run();
    }
  }

  /** What is on its way never arrives. */
  void end() {
    ended = true;
  }
}
