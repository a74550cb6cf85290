// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.examples.demo.node.NodeCaches;
import dev.warren.examples.demo.node.NodeCommands;
import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/** A cluster without processes: the real commands of a node over maps that all nodes share. */
final class SharedMaps implements Cluster, AutoCloseable {

  private final Map<String, Object> zones = new ConcurrentHashMap<>();
  private final Map<String, Object> names = new ConcurrentHashMap<>();
  private final Map<Integer, MapNode> nodes = new TreeMap<>();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final boolean brokerCanBeKilled;
  private Recovery.Source source = Recovery.Source.LOG;

  SharedMaps(boolean brokerCanBeKilled) {
    this.brokerCanBeKilled = brokerCanBeKilled;
  }

  /** What the story did to the cluster, in order. */
  List<String> log() {
    return log;
  }

  @Override
  public String brokerLabel() {
    return "imagined";
  }

  @Override
  public Node start(int number) {
    log.add("start " + number);
    MapNode node = new MapNode(number, nodes.isEmpty() ? source : Recovery.Source.SIBLING);
    nodes.put(number, node);
    return node;
  }

  @Override
  public void kill(int number) {
    log.add("kill " + number);
    MapNode node = nodes.remove(number);
    if (node != null) {
      node.thread.shutdownNow();
    }
  }

  @Override
  public Node node(int number) {
    return Optional.<Node>ofNullable(nodes.get(number))
        .orElseThrow(() -> new NodeException("node " + number + " is not running"));
  }

  @Override
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  @Override
  public void loseLog() {
    log.add("lose log");
    source = Recovery.Source.DATABASE;
  }

  @Override
  public void emptyDatabase() {
    log.add("empty database");
    source = Recovery.Source.LOG;
  }

  @Override
  public Optional<String> whyBrokerIsNotKilled() {
    return brokerCanBeKilled ? Optional.empty() : Optional.of("needs a real broker");
  }

  @Override
  public void killBroker() {
    log.add("kill broker");
  }

  @Override
  public void restartBroker() {
    log.add("restart broker");
  }

  @Override
  public void close() {
    nodes.values().forEach(node -> node.thread.shutdownNow());
  }

  /** One node: a thread that carries out commands in order. */
  private final class MapNode implements Node {
    private final int number;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final NodeCommands commands;

    MapNode(int number, Recovery.Source source) {
      this.number = number;
      WarrenCache<String, ZoneTransition> zoneCache = cache(zones, source);
      WarrenCache<String, String> nameCache = cache(names, source);
      commands =
          new NodeCommands(new NodeCaches(zoneCache, nameCache, new MapHealth(number), () -> {}));
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public boolean isAlive() {
      return !thread.isShutdown();
    }

    @Override
    public CompletableFuture<Line> send(Line request, LongConsumer progress) {
      return CompletableFuture.supplyAsync(() -> carryOut(request, progress), thread);
    }

    private Line carryOut(Line request, LongConsumer progress) {
      try {
        Line answer =
            commands.answer(
                Line.parse(request.format()), line -> progress.accept(line.number("done")));
        if (answer.verb().equals(Line.ERROR)) {
          throw new NodeException(answer.text("message"));
        }
        return Line.parse(answer.format());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NodeException("interrupted");
      }
    }
  }

  private final class MapHealth implements WarrenHealth {
    private final int number;

    MapHealth(int number) {
      this.number = number;
    }

    @Override
    public State state() {
      return State.READY;
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public long refusedRecords() {
      return 0;
    }

    @Override
    public void awaitPersisted(Duration timeout) {
      log.add("persisted " + number);
    }
  }

  @SuppressWarnings("unchecked") // the demo's own commands put what they read
  private static <V> WarrenCache<String, V> cache(Map<String, Object> map, Recovery.Source source) {
    return (WarrenCache<String, V>)
        Proxy.newProxyInstance(
            SharedMaps.class.getClassLoader(),
            new Class<?>[] {WarrenCache.class},
            new MapCache(map, source));
  }

  /** The few methods of a cache that the demo uses. */
  private record MapCache(Map<String, Object> map, Recovery.Source source)
      implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
      Object[] given = arguments == null ? new Object[0] : arguments;
      return switch (method.getName()) {
        case "get" -> map.get(given[0]);
        case "put" -> {
          map.put((String) given[0], given[1]);
          yield null;
        }
        case "barrier", "awaitReady" -> null;
        case "size" -> (long) map.size();
        case "iterator" -> entries();
        case "recovery" -> recovery();
        default -> throw new UnsupportedOperationException(method.getName());
      };
    }

    private Recovery recovery() {
      long entries = map.size();
      return source == Recovery.Source.LOG
          ? new Recovery(source, 0, entries, Duration.ofMillis(7))
          : new Recovery(source, entries, 0, Duration.ofMillis(7));
    }

    private Iterator<Cache.Entry<String, Object>> entries() {
      return map.entrySet().stream()
          .<Cache.Entry<String, Object>>map(entry -> new MapEntry(entry.getKey(), entry.getValue()))
          .iterator();
    }
  }

  private record MapEntry(String key, Object value) implements Cache.Entry<String, Object> {
    @Override
    public String getKey() {
      return key;
    }

    @Override
    public Object getValue() {
      return value;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      return type.cast(this);
    }
  }
}
