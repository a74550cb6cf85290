// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.wire.Line;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** A node as the launcher sees it. */
public interface Node {

  /** From 1. */
  int number();

  /** True until the node ended or was killed. */
  boolean isAlive();

  /**
   * Sends a request; answers come in the order of the requests.
   *
   * @param progress takes the field {@code done} of progress lines, on a thread of the node
   * @return the fields of the last line; failed with {@link NodeException} if it is an error, or if
   *     the node ends first
   */
  CompletableFuture<Line> send(Line request, LongConsumer progress);

  /**
   * Sends a request and waits for its last line.
   *
   * @throws NodeException if it is an error, the node ends, or the time is over
   */
  default Line ask(Line request, Duration timeout) throws InterruptedException {
    return await(request.verb(), send(request, done -> {}), timeout);
  }

  /** Waits for the answer to a request that was sent; throws as {@link #ask} does. */
  default Line await(String verb, CompletableFuture<Line> answer, Duration timeout)
      throws InterruptedException {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NodeException failed) {
        throw new NodeException("node " + number() + ": " + failed.getMessage());
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new NodeException(
          "node %d did not answer '%s' within %d s".formatted(number(), verb, timeout.toSeconds()));
    }
  }
}
