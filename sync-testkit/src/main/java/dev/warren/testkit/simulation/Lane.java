// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import java.util.ArrayDeque;
import java.util.Queue;

/** What keeps its order on the way: a thread's queue, or one direction of a connection. */
final class Lane {

  private final VirtualTime time;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long lastMicros;
  private long stoppedUntilMicros;
  private boolean ended;

  Lane(VirtualTime time) {
    this.time = time;
  }

  /** Runs {@code task} a little later, after all that was handed in before. */
  void execute(Runnable task) {
    lastMicros = Math.max(lastMicros, time.nowMicros() + time.jitterMicros());
    waiting.add(task);
    time.at(lastMicros, this::runNext);
  }

  /** What is handed in, and what is on its way, waits for {@code micros}. */
  void stop(long micros) {
    stoppedUntilMicros = Math.max(stoppedUntilMicros, time.nowMicros() + micros);
  }

  private void runNext() {
    if (time.nowMicros() < stoppedUntilMicros) {
      time.at(stoppedUntilMicros, this::runNext);
    } else {
      Runnable next = waiting.remove();
      if (!ended) {
        next.run();
      }
    }
  }

  /** What is on its way never arrives. */
  void end() {
    ended = true;
  }
}
