// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Notices that only the threads of one group keep this JVM alive. Qpid's threads are no daemons: a
 * program whose {@code main} has returned would never end.
 *
 * <p>When {@code main} returns, the launcher's thread becomes {@code DestroyJavaVM} and waits for
 * the last thread that is no daemon. So the moment has come when it is there and all others are of
 * the group. A JVM that other programs embed has no such thread and is left alone.
 */
final class LastThreads {
  private static final String LAUNCHER = "DestroyJavaVM";
  private static final long PERIOD_MILLIS = 250;

  private LastThreads() {}

  /**
   * Runs {@code end} once, on a daemon thread, when only {@code group} keeps the JVM alive.
   *
   * @param over ends the watch without that
   */
  static void watch(ThreadGroup group, CountDownLatch over, Runnable end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!over.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                  if (onlyOf(group)) {
                    end.run();
                    return;
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "warren-embedded-end");
    thread.setDaemon(true);
    thread.start();
  }

  private static boolean onlyOf(ThreadGroup group) {
    ThreadGroup root = group;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() * 2 + 16];
    int count = root.enumerate(threads, true);
    boolean launcherWaits = false;
    for (int i = 0; i < count; i++) {
      Thread thread = threads[i];
      ThreadGroup its = thread.getThreadGroup(); // null once it has ended
      if (thread.getName().equals(LAUNCHER)) {
        launcherWaits = true;
      } else if (!thread.isDaemon() && its != null && !group.parentOf(its)) {
        return false;
      }
    }
    return launcherWaits && count < threads.length;
  }
}
