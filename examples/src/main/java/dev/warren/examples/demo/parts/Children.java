// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The processes that this run has started, each known by its handle. Closing kills those that still
 * live and lets no new one begin, so that an interrupted run leaves nothing behind. Thread-safe.
 */
public final class Children implements AutoCloseable {

  private static final long EXIT_TIMEOUT_SECONDS = 10;

  // Guarded by this.
  private final Set<Process> started = new LinkedHashSet<>();
  private boolean closed;

  /**
   * Starts a process.
   *
   * @throws IOException if it cannot be started, or this run is over
   */
  public synchronized Process start(ProcessBuilder command) throws IOException {
    if (closed) {
      throw new IOException("the demo is stopping");
    }
    started.removeIf(process -> !process.isAlive());
    Process process = command.start();
    started.add(process);
    return process;
  }

  /** Kills a process and its descendants at once (SIGKILL) and waits for its end. */
  public static void kill(Process process) {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    try {
      if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " outlived a kill");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True once {@link #close} was called. */
  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    List<Process> alive;
    synchronized (this) {
      closed = true;
      alive = new ArrayList<>(started);
      started.clear();
    }
    Collections.reverse(alive); // those that use the others first
    for (Process process : alive) {
      if (process.isAlive()) {
        kill(process);
      }
    }
  }
}
