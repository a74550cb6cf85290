// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit.simulation;

import dev.warren.sync.member.Applier;
import java.time.Duration;

/** An applier on virtual time; a failing task fails the test. */
final class VirtualApplier implements Applier {

  private final VirtualTime time;
  private final Lane lane;

  VirtualApplier(VirtualTime time) {
    this.time = time;
    this.lane = new Lane(time);
  }

  @Override
  public void execute(Runnable task) {
    lane.execute(task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    time.at(time.nowMicros() + delay.toNanos() / 1000, () -> lane.execute(task));
  }

  @Override
  public long nowMillis() {
    return time.nowMillis();
  }

  void stop(Duration span) {
    lane.stop(span.toNanos() / 1000);
  }

  void crash() {
    lane.end();
  }
}
