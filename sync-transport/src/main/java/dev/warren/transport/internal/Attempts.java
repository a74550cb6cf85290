// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one transport to connect. The client waits for a silent broker uninterruptibly:
 * only the end of its socket ends the wait.
 */
final class Attempts {
  private boolean warnedOfArguments;
  private boolean brokenOff;
  private @Nullable Socket last;

  /** Takes a socket before it is connected. */
  synchronized void opening(Socket socket) throws IOException {
    last = socket;
    if (brokenOff) {
      socket.close();
    }
  }

  /** Ends the attempt that is under way, and every later one as it begins. */
  synchronized void breakOff() {
    brokenOff = true;
    try {
      if (last != null) {
        last.close();
      }
    } catch (IOException e) {
      // a socket that cannot be closed has no connection to wait for
    }
  }

  /** True once: the arguments of the log's queue are reported by one attempt only. */
  synchronized boolean isFirstWarning() {
    boolean first = !warnedOfArguments;
    warnedOfArguments = true;
    return first;
  }
}
