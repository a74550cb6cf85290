// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Outcome;
import dev.warren.sync.replica.Replica;
import dev.warren.testkit.simulation.SimulatedBroker;
import dev.warren.testkit.simulation.SimulatedNode;
import dev.warren.testkit.simulation.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One life of a cluster by a seed: three to five members write events of all kinds to the same keys
 * of two caches while faults happen to them, to the broker and to the database. Then the faults end
 * and everything is compared.
 *
 * <ul>
 *   <li>All members are equal, and equal to what {@link LogOracle} reads out of the log: entries
 *       with their positions, stripes, sequences, view.
 *   <li>In the log each author's events stand once, in its order, none missing but those for which
 *       a later one stands, or whose cache was refused; of an author that was killed, the first
 *       ones.
 *   <li>Who has a third cache open in which mode, and who was refused, all members and the log's
 *       second reading agree upon; and nobody wrote to it who had not opened it with effect.
 *   <li>What the database and the log hold makes the same memory.
 * </ul>
 *
 * <p>Uses nothing of a test framework, so that {@link PlantedBug} can run it in a world of its own.
 */
public final class ClusterSimulation {
  /** What can go wrong. */
  public enum Fault {
    CUT,
    RETURNED,
    CONFIRMED_AND_LOST,
    BROKER_DOWN,
    KILLED,
    ISOLATED,
    STOPPED,
    TRUNCATED,
    JOINED_UNDER_LOAD,
    DATABASE_AWAY,
    /** A keeper whose clock goes ahead took out an entry before its time. */
    CLOCKS_APART,
    /**
     * Somebody took the log for another one; who was ready opened a further epoch with its data.
     */
    NEW_EPOCH
  }

  static final int LEAST_OPERATIONS = 500;
  static final int LEAST_FAULTS = 5;
  private static final int MOST_MEMBERS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration HEARTBEATS = Duration.ofSeconds(10);
  private static final List<String> CACHES = List.of("c", "d");
  private static final int KEYS = 12;
  private static final int MOST_APART_MILLIS = 180_000;

  /** The cache that members open and close, some of them in another mode than others. */
  static final String OPENED = "e";

  /** An own event, and what became of it. */
  private static final class Operation {
    final String text;
    OwnEvent.@Nullable Fate fate;

    Operation(String text) {
      this.text = text;
    }
  }

  private final VirtualTime time;
  private final Random random;
  private final SimulatedBroker broker;
  private final MemorySnapshotStore.Disk disk = new MemorySnapshotStore.Disk();
  private final boolean persistent;

  /** In one of three lives some open the cache in another mode. */
  private final boolean mixed;

  /** In one of two lives members take out what has expired, by clocks that are minutes apart. */
  private final boolean keeps;

  /** How far each member's clock is ahead of the true one. */
  private final Map<Origin, Integer> ahead = new LinkedHashMap<>();

  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Map<Origin, List<Operation>> operations = new LinkedHashMap<>();
  private final List<Origin> dead = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

  /** Where some member stood at some time, for loads that began then. */
  private long earlier;

  private long retainedFrom;
  private int issued;
  private int names;

  private ClusterSimulation(long seed) {
    time = new VirtualTime(seed);
    random = time.random();
    broker = new SimulatedBroker(time);
    persistent = seed % 2 == 0;
    mixed = seed % 3 == 0;
    keeps = seed % 4 < 2;
  }

  /**
   * Runs {@code seed}.
   *
   * @return how often each fault did happen
   * @throws AssertionError if a promise was broken
   */
  public static Map<Fault, Integer> run(long seed) {
    ClusterSimulation simulation = new ClusterSimulation(seed);
    simulation.live();
    simulation.rest();
    simulation.compare();
    if (simulation.persistent && !simulation.faults.containsKey(Fault.NEW_EPOCH)) {
      simulation.beginAgain();
    }
    require(simulation.issued >= LEAST_OPERATIONS, "too few operations");
    return simulation.faults;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private SimulatedNode start() {
    SimulatedNode node =
        new SimulatedNode(
            broker,
            SimulatedNode.settings("n" + names++),
            persistent ? new MemorySnapshotStore(disk) : null);
    nodes.add(node);
    operations.put(node.member().origin(), new ArrayList<>());
    ahead.put(
        node.member().origin(),
        keeps ? random.nextInt(2 * MOST_APART_MILLIS) - MOST_APART_MILLIS : 0);
    open(node);
    return node;
  }

  private SimulatedNode startMember() {
    SimulatedNode node = start();
    if (keeps) {
      node.keep(Duration.ofMillis(ahead(node)));
      node.observe(this::observe);
    }
    return node;
  }

  private int ahead(SimulatedNode node) {
    return Objects.requireNonNull(ahead.get(node.member().origin()));
  }

  private void observe(Applied applied) {
    LogEntry before = applied.before();
    if (applied.event() instanceof Event.Expire
        && applied.outcome() == Outcome.EFFECTIVE
        && before != null
        && before.expiryMillis() > time.nowMillis()) {
      faults.put(Fault.CLOCKS_APART, 1);
    }
  }

  private void open(SimulatedNode node) {
    node.open(OPENED, mixed && random.nextInt(3) == 0 ? "invalidation" : "replicated");
  }

  /** Opens, closes or writes to the cache whose mode is at stake. */
  private void operateOpened(SimulatedNode node) {
    if (!node.isOpen()) {
      open(node);
    } else if (random.nextInt(10) == 0) {
      node.closeCache();
    } else {
      Bytes key = Bytes.wrap(utf8("k" + random.nextInt(KEYS)));
      offer(node, new Event.Put(OPENED, key, utf8("v" + issued), Event.NEVER, Event.ANY));
    }
  }

  private SimulatedNode any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private Stream<SimulatedNode> readyOnes() {
    return nodes.stream().filter(node -> node.member().isReady());
  }

  private long ready() {
    return readyOnes().count();
  }

  private void live() {
    for (int i = 0; i < 3; i++) {
      startMember();
    }
    if (random.nextInt(4) > 0) {
      await("the first are ready", () -> ready() == 3);
    }
    for (int happened = 0; issued < LEAST_OPERATIONS || happened < 2 * LEAST_FAULTS; ) {
      int burst = random.nextInt(80);
      for (int i = 0; i < burst; i++) {
        operate(any());
        if (random.nextInt(8) == 0) {
          time.run(Duration.ofMillis(random.nextInt(60)));
        }
      }
      if (happen(Fault.values()[random.nextInt(Fault.values().length)])) {
        happened++;
      }
      if (random.nextBoolean()) {
        time.run(Duration.ofMillis(random.nextInt(3_000)));
      }
    }
  }

  private boolean happen(Fault fault) {
    boolean happened =
        switch (fault) {
          case CUT -> {
            broker.cutConnections();
            yield true;
          }
          case RETURNED -> {
            int before = broker.returned();
            broker.returnPercent(20 + random.nextInt(40));
            loseSome(() -> broker.returned() > before);
            broker.returnPercent(0);
            yield broker.returned() > before;
          }
          case CONFIRMED_AND_LOST -> {
            int before = broker.lost();
            broker.lossPercent(20 + random.nextInt(20));
            loseSome(() -> broker.lost() > before);
            broker.lossPercent(0);
            yield broker.lost() > before;
          }
          case BROKER_DOWN -> {
            broker.setUp(false);
            operate(any());
            time.run(Duration.ofMillis(random.nextInt(4_000)));
            broker.setUp(true);
            yield true;
          }
          case KILLED -> kill(any());
          case ISOLATED -> isolate(any());
          case STOPPED -> {
            any().stop(Duration.ofMillis(random.nextInt(9_000)));
            yield true;
          }
          case TRUNCATED -> {
            int before = broker.size();
            truncate();
            yield broker.size() < before;
          }
          case JOINED_UNDER_LOAD -> {
            boolean room = nodes.size() < MOST_MEMBERS;
            if (room) {
              startMember();
            }
            yield room;
          }
          case CLOCKS_APART, NEW_EPOCH -> false; // they come by themselves
          case DATABASE_AWAY -> {
            disk.setReachable(false);
            time.run(Duration.ofMillis(random.nextInt(2_000)));
            disk.setReachable(true);
            yield persistent;
          }
        };
    if (happened) {
      faults.merge(fault, 1, Integer::sum);
    }
    return happened;
  }

  private void loseSome(BooleanSupplier isEnough) {
    for (int i = 0; i < 20 && !isEnough.getAsBoolean(); i++) {
      operate(any());
      time.run(Duration.ofMillis(random.nextInt(100)));
    }
  }

  /** Retention takes what some ready member has applied; more would be lost for good (A7). */
  private void truncate() {
    long most = readyOnes().mapToLong(SimulatedNode::offset).max().orElse(-1);
    List<LogRecord> log = broker.retained();
    int records = 0;
    while (records < log.size() && log.get(records).offset() < most && random.nextInt(20) > 0) {
      records++;
    }
    if (records > 0) {
      retainedFrom = log.get(records).offset();
      broker.truncate(records);
    }
  }

  private boolean isolate(SimulatedNode node) {
    node.setIsolated(true);
    operate(node);
    time.run(Duration.ofMillis(random.nextInt(9_000))); // some are suspected meanwhile
    node.setIsolated(false);
    return true;
  }

  /** One without which another member still holds all that the log holds no more. */
  private boolean kill(SimulatedNode node) {
    if (readyOnes().noneMatch(other -> other != node && holdsWhatIsGone(other))) {
      return false;
    }
    dead.add(node.member().origin());
    nodes.remove(node);
    node.kill();
    startMember();
    return true;
  }

  /**
   * A member that began with a truncated log alone, because nobody answered, calls itself ready
   * until the others' heartbeats tell it better: a known gap in docs/protocol.md.
   */
  private boolean holdsWhatIsGone(SimulatedNode node) {
    return node.offset() >= retainedFrom && !replica(node).state().truncated();
  }

  private void operate(SimulatedNode node) {
    if (random.nextInt(8) == 0) {
      operateOpened(node);
      return;
    }
    String cache = CACHES.get(random.nextInt(10) == 0 ? 1 : 0);
    Bytes key = Bytes.wrap(utf8("k" + random.nextInt(KEYS)));
    byte[] value = utf8("v" + issued);
    long now = time.nowMillis() + ahead(node);
    long expiry = random.nextBoolean() ? Event.NEVER : now + random.nextInt(10_000);
    Replica replica = node.member().replica();
    CacheState state = replica == null ? null : replica.cacheState(cache);
    LogEntry seen = state == null ? null : state.get(key);
    long expected = expected(seen);
    long began = random.nextBoolean() || replica == null ? earlier : replica.position();
    int kind = random.nextInt(100);
    offer(
        node,
        kind < 35
            ? new Event.Put(cache, key, value, expiry, Event.ANY)
            : kind < 45
                ? new Event.Remove(cache, key, Event.ANY)
                : kind < 52
                    ? new Event.Put(cache, key, value, expiry, expected)
                    : kind < 57
                        ? new Event.Remove(cache, key, expected)
                        : kind < 68
                            ? new Event.Fill(cache, key, value, expiry, began, expected)
                            : kind < 78
                                ? new Event.Touch(cache, key, expiry, expected)
                                : kind < 87
                                    ? new Event.Expire(cache, key, expected, seenExpiry(seen))
                                    : kind < 92
                                        ? new Event.Evict(cache, key, expected)
                                        : kind < 97
                                            ? new Event.Invalidate(cache, key)
                                            : new Event.Clear(cache));
    if (replica != null && random.nextInt(10) == 0) {
      earlier = replica.position();
    }
  }

  private long expected(@Nullable LogEntry seen) {
    if (random.nextInt(5) == 0) {
      return random.nextInt(1 << 20);
    }
    return seen == null ? Event.ABSENT : seen.writePosition();
  }

  private long seenExpiry(@Nullable LogEntry seen) {
    return seen == null || random.nextInt(3) == 0 ? time.nowMillis() : seen.expiryMillis();
  }

  private void offer(SimulatedNode node, Event event) {
    issued++;
    Operation operation = new Operation(LogOracle.text(event));
    Objects.requireNonNull(operations.get(node.member().origin())).add(operation);
    node.offer(
        event,
        fate -> {
          require(operation.fate == null, "ended twice: " + operation.text);
          operation.fate = fate;
        });
  }

  private void await(String what, BooleanSupplier condition) {
    require(time.runUntil(PATIENCE, condition), "not within " + PATIENCE + ": " + what + nodes);
  }

  private boolean isQuiet(SimulatedNode node) {
    return Objects.requireNonNull(operations.get(node.member().origin())).stream()
        .allMatch(operation -> operation.fate != null);
  }

  /**
   * Everybody is ready, nothing is under way, and who missed something without noticing was told by
   * the others' heartbeats (A8).
   */
  private void rest() {
    await("all were ready", () -> ready() == nodes.size());
    time.run(HEARTBEATS);
    await("all are ready", () -> ready() == nodes.size());
    await("nothing waits", () -> nodes.stream().allMatch(this::isQuiet));
    await("decided", () -> nodes.stream().allMatch(node -> node.isOpen() == node.stands()));
    long end = broker.last(); // what the dead appended may still be on its way
    await("the log is read", () -> nodes.stream().allMatch(node -> node.offset() >= end));
    await(
        "all stand at one place and are ready there",
        () -> nodes.stream().allMatch(n -> n.offset() == broker.last()) && ready() == nodes.size());
  }

  private void compare() {
    LogOracle oracle = new LogOracle(broker.history());
    if (oracle.epochs() > 1) { // its data are a member's: no log says what they were
      faults.merge(Fault.NEW_EPOCH, 1, Integer::sum);
      Map<String, String> first = LogOracle.describe(replica(nodes.get(0)));
      nodes.forEach(node -> equal(first, LogOracle.describe(replica(node)), node.toString()));
      return;
    }
    Map<String, String> truth = oracle.describe();
    require(oracle.unopened().isEmpty(), "written by who had not opened: " + oracle.unopened());
    for (SimulatedNode node : nodes) {
      require(
          node.stands() == oracle.hasOpen(OPENED, node.member().origin()),
          node + " thinks that its cache is " + (node.stands() ? "open" : "closed or refused"));
      equal(truth, LogOracle.describe(replica(node)), node.toString());
    }
    operations.forEach(
        (origin, offered) -> {
          compareOrder(oracle, origin, offered, false);
          compareOrder(oracle, origin, offered, true);
        });
  }

  /**
   * Caches pass each other while one waits for the decision about its mode (F3). Some {@code
   * Expire}s are the keeper's own, so these are left out.
   */
  private void compareOrder(
      LogOracle oracle, Origin origin, List<Operation> offered, boolean opened) {
    Predicate<String> isMeant =
        text -> text.startsWith(OPENED + " ") == opened && !text.contains("Expire ");
    List<String> sent =
        offered.stream()
            .filter(
                operation ->
                    operation.fate != OwnEvent.Fate.SUPERSEDED
                        && operation.fate != OwnEvent.Fate.GIVEN_UP) // it was refused
            .map(operation -> operation.text)
            .filter(isMeant)
            .toList();
    List<String> read = oracle.order(origin).stream().filter(isMeant).toList();
    boolean isDead = dead.contains(origin);
    int length = Math.min(read.size(), sent.size());
    require(
        read.equals(sent.subList(0, length)) && (isDead || length == sent.size()),
        "author " + origin + " did " + sent + ", the log says " + read);
  }

  private static Replica replica(SimulatedNode node) {
    return Objects.requireNonNull(node.member().replica());
  }

  private static void equal(Map<String, String> truth, Map<String, String> found, String where) {
    if (!truth.equals(found)) {
      Map<String, String> differences = new LinkedHashMap<>();
      truth.forEach(
          (key, value) -> {
            if (!value.equals(found.get(key))) {
              differences.put(key, shortly(value) + " <> " + shortly(found.get(key)));
            }
          });
      found.keySet().stream()
          .filter(key -> !truth.containsKey(key))
          .forEach(key -> differences.put(key, "absent <> " + found.get(key)));
      throw new AssertionError(where + " is not what the log says: " + differences);
    }
  }

  private static String shortly(@Nullable String text) {
    return text == null || text.length() < 100 ? "" + text : text.hashCode() + " (a table)";
  }

  /** The database and the log behind its checkpoint are all that is left. */
  private void beginAgain() {
    MemorySnapshotStore store = new MemorySnapshotStore(disk);
    await( // else what lies between the two is lost (A7)
        "the checkpoint reaches into the log",
        () ->
            store
                .readCheckpoint()
                .filter(checkpoint -> checkpoint.position() >= Positions.of(retainedFrom, 0))
                .isPresent());
    List.copyOf(nodes)
        .forEach(
            node -> {
              nodes.remove(node);
              node.kill();
            });
    String before =
        "" + store.readCheckpoint().map(c -> c.version() + " at " + (c.position() >> 12));
    long end = broker.last();
    SimulatedNode last = start();
    await("the last one is ready", () -> last.member().isReady());
    LogOracle oracle = new LogOracle(broker.history());
    require(
        oracle.epochs() == 1,
        "epochs after all were away: %d; %s; retained from %d of %d; checkpoint %s"
            .formatted(oracle.epochs(), last.reports(), retainedFrom, end, before));
    equal(oracle.entries(), LogOracle.entries(replica(last)), "the database's copy and the log");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
