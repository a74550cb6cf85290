// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.WarrenCache;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes numbered entries in the background while the broker dies and comes back, and counts
 * afterwards whether every accepted one is there. A refused write changed nothing (the outbox was
 * full), so the same number is tried again: the accepted numbers have no holes.
 */
final class WriterCommands {

  private static final Logger LOG = LoggerFactory.getLogger(WriterCommands.class);
  private static final String PREFIX = "written/";
  private static final Duration BARRIER_TIMEOUT = Duration.ofSeconds(60);

  private final WarrenCache<String, String> cache;
  private @Nullable Writer writer;

  WriterCommands(WarrenCache<String, String> cache) {
    this.cache = cache;
  }

  /** True for keys that a background writer wrote. */
  static boolean isWritten(String key) {
    return key.startsWith(PREFIX);
  }

  /** Starts writing as node {@code node}, {@code perSecond} entries a second. */
  Line start(Line request, Command.Steps steps) {
    Writer started = new Writer(request.number("node"), request.number("perSecond"));
    writer = started;
    started.start();
    return Line.of(Line.OK);
  }

  /** Stops writing, waits until the log holds every accepted write, and answers how many. */
  Line stop(Line request, Command.Steps steps) throws InterruptedException {
    Writer stopped = writer;
    if (stopped == null) {
      throw new IllegalStateException("nothing is being written");
    }
    stopped.interrupt();
    stopped.join();
    cache.barrier(BARRIER_TIMEOUT);
    return Line.of(Line.OK).with("accepted", stopped.accepted).with("refused", stopped.refused);
  }

  /** Compares the first {@code count} entries that node {@code node} wrote. */
  Line check(Line request, Command.Steps steps) throws InterruptedException {
    long node = request.number("node");
    long count = request.number("count");
    // The other node's writes are in the log; the last of them shows that this node caught up.
    Polling.until(
        () -> count == 0 || value(node, count).equals(cache.get(key(node, count))),
        Duration.ofMillis(request.number("timeoutMillis")),
        () -> "write %d of node %d was not seen".formatted(count, node));
    Comparison comparison = new Comparison(steps);
    for (long number = 1; number <= count; number++) {
      if (value(node, number).equals(cache.get(key(node, number)))) {
        comparison.right();
      } else {
        comparison.wrong("write %d of node %d is lost".formatted(number, node));
      }
    }
    return comparison.answer();
  }

  private static String key(long node, long number) {
    return PREFIX + node + "/" + number;
  }

  private static String value(long node, long number) {
    return "number " + number + " by node " + node;
  }

  private final class Writer extends Thread {
    private final long node;
    private final long pauseNanos;
    // Written by this thread, read after join().
    private long accepted;
    private long refused;

    Writer(long node, long perSecond) {
      super("demo-writer");
      setDaemon(true);
      this.node = node;
      this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    @Override
    public void run() {
      try {
        while (!isInterrupted()) {
          try {
            cache.put(key(node, accepted + 1), value(node, accepted + 1));
            accepted++;
          } catch (RuntimeException e) {
            if (refused++ == 0) {
              LOG.info("a write was refused and is tried again", e);
            }
          }
          TimeUnit.NANOSECONDS.sleep(pauseNanos);
        }
      } catch (InterruptedException e) {
        interrupt();
      }
    }
  }
}
