// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until a process that was just started does its work. */
record Readiness(String name, Process process, Path log) {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final long PAUSE_MILLIS = 200;

  /** Fails as long as the process is not ready. */
  @FunctionalInterface
  interface Probe {
    void run() throws IOException;
  }

  /**
   * Tries {@code probe} until it succeeds.
   *
   * @throws IOException if the process ended or the time is over, naming the log
   */
  void await(Probe probe) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try {
        probe.run();
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException(
              "%s ended with %d; see %s".formatted(name, process.exitValue(), log), e);
        }
        if (System.nanoTime() - deadlineNs > 0) {
          throw new IOException(
              "%s was not ready within %d s; see %s".formatted(name, TIMEOUT.toSeconds(), log), e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
