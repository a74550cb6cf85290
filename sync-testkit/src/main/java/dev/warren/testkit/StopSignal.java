// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * SIGSTOP and its end: a process that stands still and keeps its sockets, as on a frozen machine.
 */
final class StopSignal {
  private StopSignal() {}

  /** SIGSTOP; returns when the process does stand still, and fails if it does not. */
  static void stop(long pid) {
    run("kill", "-STOP", "" + pid);
    Awaitility.await("process " + pid + " stands still")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> run("ps", "-o", "state=", "-p", "" + pid).startsWith("T"));
  }

  /** SIGCONT. */
  static void resume(long pid) {
    run("kill", "-CONT", "" + pid);
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + " failed: " + said);
      }
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(String.join(" ", command) + " was interrupted", e);
    }
  }
}
