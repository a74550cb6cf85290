// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.examples.demo.data.ZoneTransitions;
import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.WarrenCache;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheException;

/**
 * Changes that one node makes and another sees. Each stamps its own moments with {@link
 * System#nanoTime}; the launcher brings the stamps of two nodes onto one clock (command {@code
 * clock}).
 *
 * <p>The seeing node polls {@code get}, which is what an application does, every few microseconds;
 * as changes of one node arrive in its order, it polls for one key after the other.
 */
final class ChangeCommands {

  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(10);
  private static final Duration BARRIER_TIMEOUT = Duration.ofSeconds(60);

  private final WarrenCache<String, ZoneTransition> zones;

  ChangeCommands(WarrenCache<String, ZoneTransition> zones) {
    this.zones = zones;
  }

  /** This process's clock. */
  Line clock(Line request, Command.Steps steps) {
    return Line.of(Line.OK).with("nanos", System.nanoTime());
  }

  /** Makes the corrections of a range, one every {@code paceMicros}; answers when each began. */
  Line correct(Line request, Command.Steps steps) {
    List<ZoneTransition> corrections = range(request);
    long paceNs = TimeUnit.MICROSECONDS.toNanos(request.number("paceMicros"));
    long[] stamps = new long[corrections.size()];
    long next = System.nanoTime();
    for (int i = 0; i < stamps.length; i++) {
      ZoneTransition correction = corrections.get(i);
      parkUntil(next);
      stamps[i] = System.nanoTime();
      zones.put(correction.key(), correction);
      next += paceNs;
    }
    zones.barrier(BARRIER_TIMEOUT);
    return Line.of(Line.OK).with("stamps", stamps);
  }

  /** Waits for the corrections of a range, one after the other; answers when each was seen. */
  Line watch(Line request, Command.Steps steps) {
    List<ZoneTransition> corrections = range(request);
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(request.number("timeoutMillis"));
    long[] stamps = new long[corrections.size()];
    steps.done(0); // the launcher lets the changes begin when it reads this
    long start = System.nanoTime();
    for (int i = 0; i < stamps.length; i++) {
      ZoneTransition correction = corrections.get(i);
      while (!correction.equals(zones.get(correction.key()))) {
        if (System.nanoTime() - start > timeoutNs) {
          throw new CacheException(
              "change %d of %d (%s) was not seen within %d ms"
                  .formatted(
                      i + 1,
                      stamps.length,
                      correction.key(),
                      TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      stamps[i] = System.nanoTime();
      steps.done(i + 1L);
    }
    return Line.of(Line.OK).with("stamps", stamps);
  }

  private static List<ZoneTransition> range(Line request) {
    return ZoneTransitions.corrections()
        .subList((int) request.number("from"), (int) request.number("to"));
  }

  private static void parkUntil(long momentNs) {
    for (long left = momentNs - System.nanoTime(); left > 0; left = momentNs - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
