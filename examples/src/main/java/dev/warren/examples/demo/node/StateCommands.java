// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenHealth;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a node says of itself and of single keys. */
final class StateCommands {

  private final NodeCaches caches;

  StateCommands(NodeCaches caches) {
    this.caches = caches;
  }

  /** Waits until this node holds everything that the cluster holds. */
  Line awaitReady(Line request, Command.Steps steps) {
    Duration timeout = Duration.ofMillis(request.number("timeoutMillis"));
    caches.zones().awaitReady(timeout);
    caches.names().awaitReady(timeout);
    return recovery(request, steps);
  }

  /** Waits until this node's writes stand in the log. */
  Line barrier(Line request, Command.Steps steps) {
    caches.names().barrier(Duration.ofMillis(request.number("timeoutMillis")));
    return Line.of(Line.OK);
  }

  /** Waits until MongoDB's copy covers what this node has written and applied. */
  Line awaitPersisted(Line request, Command.Steps steps) {
    caches.health().awaitPersisted(Duration.ofMillis(request.number("timeoutMillis")));
    return Line.of(Line.OK);
  }

  /** Whence this node's memory came; the figures of both caches added. */
  Line recovery(Line request, Command.Steps steps) {
    Recovery zones = caches.zones().recovery();
    Recovery names = caches.names().recovery();
    String source =
        zones.source() == names.source()
            ? zones.source().toString()
            : zones.source() + "+" + names.source();
    Duration took = zones.took().compareTo(names.took()) > 0 ? zones.took() : names.took();
    return Line.of(Line.OK)
        .with("source", source)
        .with("fromSource", zones.fromSource() + names.fromSource())
        .with("fromLog", zones.fromLog() + names.fromLog())
        .with("millis", took.toMillis());
  }

  /** Sizes and health, for people. */
  Line stats(Line request, Command.Steps steps) {
    return Line.of(Line.OK)
        .with("zones", caches.zones().size())
        .with("names", caches.names().size())
        .with("health", healthInWords())
        .with("heapMiB", usedHeapBytes() >> 20);
  }

  private String healthInWords() {
    WarrenHealth health = caches.health();
    String reason = health.reason();
    return reason.isEmpty() ? health.state().toString() : health.state() + ": " + reason;
  }

  private static long usedHeapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** The value of one key in whichever cache has it. */
  Line get(Line request, Command.Steps steps) {
    String key = request.text("key");
    @Nullable ZoneTransition transition = caches.zones().get(key);
    @Nullable Object value = transition != null ? transition : caches.names().get(key);
    return value == null ? Line.of(Line.OK) : Line.of(Line.OK).with("value", value);
  }

  /** Stores a currency name. */
  Line put(Line request, Command.Steps steps) {
    caches.names().put(request.text("key"), request.text("value"));
    return Line.of(Line.OK);
  }
}
