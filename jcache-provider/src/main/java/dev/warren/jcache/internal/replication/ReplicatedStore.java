// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.member.Outbox;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Outcome;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of an eventual replicated cache: the log state, and above it the own writes that the
 * log has not brought back yet.
 *
 * <p><b>What a reader sees</b> (B2). First {@link #overlay}, then, unless an own {@code Clear} is
 * under way, {@link #log}. An own write is put into the overlay and offered to the outbox under its
 * key's lock, or in one step of the overlay; so the overlay always shows the last own write, and
 * the outbox holds the own writes of a key in the order in which they were made (B3). When the own
 * event is applied, the applier first changes {@code log} and then takes away exactly the overlay
 * entry that belonged to that event: a reader between the two steps sees the same value in either
 * place, and a later own write, whose entry is another object, stays.
 *
 * <p><b>Writes without the key's lock</b> ({@link #exchange}). Where no foreign code takes part,
 * the overlay's step for the key does it all: it looks whether somebody holds the lock, whether
 * what was seen still shows, replaces it and gives the event its place in the outbox. The holder of
 * a key's lock has registered before it looks at the key through that same step ({@link
 * #getLocked}): a write in one step that came before is in what it then sees, one that comes after
 * finds the registration and changes nothing. Loads and writers run under that lock, so no {@link
 * Watches watch} of the key is open in a step. The log state beneath may change at any time, as it
 * may under the lock. {@code clear} and the end of the cache exclude such steps: see {@link
 * OwnSteps}. Room and bytes are got before the step, since the one may have to be waited for and
 * the other runs foreign code.
 *
 * <p><b>Why readers and writers never wait for the applier, nor it for them.</b> The applier takes
 * no key's lock: user code may hold one for long. It replaces whole immutable entries in a
 * concurrent map. What it changes beneath an overlay entry nobody sees before that entry ends.
 *
 * <p><b>EXPIRED comes once</b> (B9). The operation that meets an expired entry and the applier, to
 * which the keeper's {@code Expire} comes, both ask {@link Logged#expire}: who is first tells. An
 * operation shows the absence at once; the keeper's node, like all others, when the log says so.
 *
 * <p><b>Own {@code Clear}</b>: the overlay is emptied and {@link #hiding} hides the log state until
 * the event is applied, which empties the log state before the hiding ends. Own writes after it
 * show in the overlay as always. The caller excludes all keys meanwhile.
 */
final class ReplicatedStore<K, V> implements ClusterStore<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedStore.class);

  private final String cache;
  private final EntryBytes<K, V> bytes;
  private final Outbox outbox;
  private final Rooms rooms;
  private final OwnSteps<K> steps;
  private final AppliedEvents<K, V> events;
  private final InstantSource clock;
  private final @Nullable Evictions<K> evictions;

  /** Whether readers here get the very object that was put here, also behind the log. */
  private volatile boolean keepsReferences;

  private final ConcurrentHashMap<K, Shown<V>> overlay = new ConcurrentHashMap<>();
  private final OwnWrite.Ends<K, V> ends = this::ended;
  private final Watches<K> watches = new Watches<>();
  private final Fills<K, V> fills;

  private final LoggedEntries<K, V> log;

  // The applier's: the key of the event that was applied last, and what that left of it.
  private @Nullable K lastKey;
  private @Nullable Logged<V> left;

  /** The own clear under way; null if there is none. */
  private volatile @Nullable Object hiding;

  /** All that is given up from now on was told of at once. */
  private volatile boolean refused;

  ReplicatedStore(
      LogWay<K, V> way, EventPort<K, V> events, InstantSource clock, @Nullable Limit limit) {
    this.cache = way.cache();
    this.bytes = way.bytes();
    this.outbox = way.outbox();
    this.rooms = way.rooms();
    this.steps = way.steps();
    this.fills = new Fills<>(way, overlay, this::writePosition, watches, this::land);
    this.events = new AppliedEvents<>(events, clock);
    this.clock = clock;
    this.evictions =
        limit == null
            ? null
            : new Evictions<>(limit.maxEntries(), new Evicting(), limit.onEviction());
    this.log = new LoggedEntries<>(bytes, evictions);
  }

  /**
   * Of a cache by reference: what was put on this node stays that object on it. Other caches keep
   * the bytes alone until somebody reads them.
   */
  void keepReferences() {
    keepsReferences = true;
  }

  /**
   * How many entries the cluster shall hold.
   *
   * @param onEviction runs for each entry that this node has evicted; must not block
   */
  record Limit(long maxEntries, Runnable onEviction) {}

  @Override
  public long undecodable() {
    return bytes.undecodable();
  }

  // ---- operations

  @Override
  public @Nullable StoredEntry<V> get(K key) {
    StoredEntry<V> entry = find(key);
    return entry == null || entry.value() == null ? null : entry;
  }

  @Override
  public @Nullable StoredEntry<V> find(K key) {
    return noted(key, visible(key, overlay.get(key)));
  }

  @Override
  public @Nullable StoredEntry<V> getLocked(K key) {
    return noted(key, visible(key, overlay.compute(key, (k, shown) -> shown)));
  }

  /** What a reader sees where the overlay holds {@code shown}; not decoded. */
  private @Nullable StoredEntry<V> visible(K key, @Nullable Shown<V> shown) {
    if (shown != null) {
      return shown.isAbsence() ? null : shown;
    }
    return hiding == null ? log.get(key) : null;
  }

  private @Nullable StoredEntry<V> noted(K key, @Nullable StoredEntry<V> entry) {
    if (evictions != null && entry instanceof Logged<V>) {
      evictions.read(key);
    }
    return entry;
  }

  @Override
  public boolean canExchange() {
    return !steps.acknowledged();
  }

  /** The overlay's map does. */
  @Override
  public boolean keepsKeys() {
    return true;
  }

  @Override
  public boolean exchange(
      K key, @Nullable StoredEntry<V> seen, @Nullable V value, long expiryMillis) {
    return writeInOneStep(new OwnWrite<>(key, value, expiryMillis, ends), seen, true);
  }

  /** The log state, which mostly is not in the processor's cache, is not looked at. */
  @Override
  public boolean overwrite(K key, V value) {
    return !log.haveExpiry()
        && writeInOneStep(new OwnWrite<>(key, value, Event.NEVER, ends), null, false);
  }

  private boolean writeInOneStep(
      OwnWrite<K, V> write, @Nullable StoredEntry<V> seen, boolean compares) {
    if (!rooms.tryTakeAtOnce()) {
      return false; // who holds the key's lock may wait for it
    }
    Step step = null;
    try {
      step = new Step(seen, compares, write, event(write));
      if (steps.begin()) {
        try {
          overlay.compute(write.key(), step);
        } finally {
          steps.end();
        }
      }
      return step.done;
    } finally { // a key's own methods may fail before the step was done, and after it too
      if (step != null && step.done) {
        outbox.pushed();
      } else {
        rooms.giveBack();
      }
    }
  }

  private Event event(OwnWrite<K, V> write) {
    Bytes keyBytes = bytes.key(write.key());
    V value = write.value();
    if (value == null) {
      return new Event.Remove(cache, keyBytes, Event.ANY);
    }
    byte[] valueBytes = bytes.value(keyBytes, value);
    return new Event.Put(cache, keyBytes, valueBytes, write.expiryMillis(), Event.ANY);
  }

  /** One step of the overlay; confined to the calling thread. */
  private final class Step implements BiFunction<K, @Nullable Shown<V>, @Nullable Shown<V>> {
    private final @Nullable StoredEntry<V> seen;
    private final boolean compares;
    private final OwnWrite<K, V> write;
    private final Event event;
    private boolean done;

    Step(@Nullable StoredEntry<V> seen, boolean compares, OwnWrite<K, V> write, Event event) {
      this.seen = seen;
      this.compares = compares;
      this.write = write;
      this.event = event;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // exactly the entry that was seen
    public @Nullable Shown<V> apply(K key, @Nullable Shown<V> shown) {
      boolean hindered = steps.isInUse(key) || events.areHeard(); // somebody may just have begun to
      if (hindered || (compares && visible(key, shown) != seen)) {
        return shown;
      }
      outbox.push(event, write);
      done = true;
      return write;
    }
  }

  @Override
  public Admission admit(int mutations) {
    return rooms.admit(mutations);
  }

  @Override
  public void check(K key, V value) {
    bytes.value(bytes.key(key), value);
  }

  @Override
  public boolean put(Admission admission, K key, V value, long expiryMillis) {
    write(admission, new OwnWrite<>(key, value, expiryMillis, ends));
    return true;
  }

  @Override
  public void remove(Admission admission, K key) {
    write(admission, new OwnWrite<>(key, null, Event.NEVER, ends));
  }

  private void write(Admission admission, OwnWrite<K, V> write) {
    Event event = event(write);
    rooms.use(admission);
    watches.changedHere(write.key());
    overlay.put(write.key(), write);
    outbox.offer(event, write);
  }

  @Override
  public Watch watch(K key) {
    return watches.watch(key);
  }

  @Override
  public boolean fill(Watch watch, K key, V value, long expiryMillis) {
    Bytes keyBytes = bytes.key(key);
    byte[] valueBytes = bytes.value(keyBytes, value);
    return fills.show(key, new Filled<>(value, expiryMillis, watch, keyBytes, valueBytes));
  }

  private long writePosition(K key) {
    Logged<V> logged = log.get(key);
    return logged == null ? Event.ABSENT : logged.entry().writePosition();
  }

  private void ended(K key, OwnWrite<K, V> write, OwnEvent.Fate fate) {
    if (fate == OwnEvent.Fate.GIVEN_UP && !refused) {
      LOG.warn("WRN-0207 a write of cache {} was given up: its outcome is unknown", cache);
    }
    try {
      if (fate == OwnEvent.Fate.EFFECTIVE) {
        land(key, write);
      }
      fills.writeEnded(key, write);
    } catch (RuntimeException | Error e) { // as in applied
      bytes.failed(e);
    }
  }

  @Override
  public void touch(K key, StoredEntry<V> seen, long expiryMillis) {
    Logged<V> logged =
        seen instanceof Shown<V> shown ? shown.expireAt(expiryMillis) : (Logged<V>) seen;
    if (logged != null) {
      touchLogged(key, logged, expiryMillis);
    }
  }

  private void touchLogged(K key, Logged<V> logged, long expiryMillis) {
    if (!logged.touch(expiryMillis, clock.millis()) || !rooms.tryTake()) {
      return; // without room the others see the older expiry: they may miss sooner
    }
    outbox.offer(
        new Event.Touch(cache, bytes.key(key), expiryMillis, logged.entry().writePosition()),
        OwnEvent.UNATTENDED);
  }

  /**
   * An own event was applied just now, and what it showed is about to end. If it was touched
   * meanwhile (B8), the log state's entry takes that over before it shows, and the others are told.
   */
  private void land(K key, Shown<V> shown) {
    Logged<V> logged = left;
    if (logged == null || shown.isAbsence() || !key.equals(lastKey)) {
      return;
    }
    if (keepsReferences) {
      logged.adopt(shown.value());
    }
    long expiryMillis = shown.land(logged);
    if (expiryMillis != logged.entry().expiryMillis()) {
      touchLogged(key, logged, expiryMillis);
    }
  }

  @Override
  public boolean expire(K key, StoredEntry<V> seen, long nowMillis) {
    if (!(seen instanceof Logged<V> logged) || !logged.expire()) {
      return false;
    }
    if (!rooms.tryTake()) {
      logged.unexpire();
      return false; // it counts as absent all the same
    }
    OwnWrite<K, V> absence = new OwnWrite<>(key, null, Event.NEVER, ends);
    if (overlay.putIfAbsent(key, absence) != null) {
      logged.unexpire();
      rooms.giveBack();
      return false;
    }
    LogEntry entry = logged.entry();
    outbox.offer(
        new Event.Expire(cache, bytes.key(key), entry.writePosition(), entry.expiryMillis()),
        absence);
    return true;
  }

  @Override
  public void clear(Admission admission) {
    rooms.use(admission);
    Object token = new Object();
    hiding = token;
    overlay.clear();
    outbox.offer(
        new Event.Clear(cache),
        fate -> {
          if (Objects.equals(hiding, token)) {
            hiding = null;
          }
        });
  }

  /**
   * Every key that is there from the call to the end of the iteration comes once. A key moves from
   * the overlay to the log state while one iterates, or gets an own write above its log entry: what
   * the overlay holds is therefore looked at once, before the log state, and remembered.
   */
  @Override
  public Iterator<K> keys() {
    Set<K> shown = new HashSet<>();
    overlay.forEach(
        (key, entry) -> {
          if (!entry.isAbsence()) {
            shown.add(key);
          }
        });
    if (hiding != null) {
      return shown.iterator();
    }
    return Stream.concat(shown.stream(), log.keys().stream().filter(key -> !shown.contains(key)))
        .iterator();
  }

  @Override
  public long size() {
    if (overlay.isEmpty()) {
      return hiding == null ? log.size() : 0;
    }
    long size = 0;
    for (Iterator<K> it = keys(); it.hasNext(); it.next()) {
      size++;
    }
    return size;
  }

  // ---- the applier's side

  /** Takes over a whole state; readers see the old one until the new one is complete. */
  @Override
  public void install(@Nullable CacheState state, long position) {
    watches.allChangedElsewhere();
    log.install(state);
    fills.installed(position);
  }

  /**
   * An event of this cache was applied; {@code own} if this node is its author.
   *
   * <p>The replica has counted the event, and the whole of its batch, as applied: nothing brings it
   * again. So what the key's own {@code hashCode} and {@code equals} throw costs this key and must
   * not keep the rest of the batch, which may be of other caches, from being shown.
   */
  @Override
  public void applied(Applied applied, boolean own) {
    left = null;
    fills.reached(applied.position());
    if (evictions != null && !own && applied.event() instanceof Event.Evict) {
      evictions.evictedElsewhere();
    }
    if (applied.outcome() != Outcome.EFFECTIVE) {
      return;
    }
    try {
      if (applied.event() instanceof Event.Clear) {
        if (!own) {
          watches.allChangedElsewhere();
        }
        log.clear(applied.position());
        if (!own) {
          fills.endAll();
        }
        return;
      }
      K key = bytes.decodeKey(((Event.KeyEvent) applied.event()).key());
      if (key != null) {
        show(key, applied, own);
      }
    } catch (RuntimeException | Error e) {
      bytes.failed(e);
    }
  }

  private void show(K key, Applied applied, boolean own) {
    boolean overtakes = !own && overtakesLoads(applied.event());
    if (overtakes) {
      watches.changedElsewhere(key);
    }
    LogEntry after = applied.after();
    lastKey = key;
    Logged<V> before;
    if (after == null) {
      before = log.remove(key);
    } else {
      left = log.logged(after);
      before = log.put(key, left);
    }
    if (!(applied.event() instanceof Event.Touch)) {
      log.note(key, after != null);
    }
    Filled<V> ended = overtakes ? fills.end(key) : null;
    boolean told =
        applied.event() instanceof Event.Expire ? before == null || !before.expire() : own;
    if (!told && events.areHeard() && hiding == null && !overlay.containsKey(key)) {
      events.tell(key, ended == null ? before : ended, left, applied, own);
    }
  }

  /** Not what only moves an expiry time, or takes out what a load may replace all the same. */
  private static boolean overtakesLoads(Event event) {
    return !(event instanceof Event.Touch
        || event instanceof Event.Expire
        || event instanceof Event.Evict);
  }

  @Override
  public void refused() {
    refused = true;
    overlay.clear();
    hiding = null;
    install(null, 0);
  }

  @Override
  public void makeRoom(int rank) {
    if (evictions != null) {
      evictions.makeRoom(rank);
    }
  }

  private final class Evicting implements Evictions.Actions<K> {
    @Override
    public long size() {
      return log.size();
    }

    @Override
    public boolean holds(K key) {
      return log.contains(key);
    }

    @Override
    public boolean evict(K key, Consumer<OwnEvent.Fate> onEnd) {
      Logged<V> logged = log.get(key);
      if (logged == null) {
        return false;
      }
      Event.Evict event = new Event.Evict(cache, bytes.key(key), logged.entry().writePosition());
      if (!rooms.tryTake()) {
        return false;
      }
      outbox.offer(event, onEnd::accept);
      return true;
    }
  }

  @Override
  public long shownExpiryMillis(Bytes keyBytes, LogEntry entry) {
    try {
      K key = bytes.decodeKey(keyBytes);
      Logged<V> logged = key == null ? null : log.get(key);
      if (logged != null && logged.entry().writePosition() == entry.writePosition()) {
        return logged.expiryMillis();
      }
    } catch (RuntimeException | Error e) { // as in applied
      bytes.failed(e);
    }
    return entry.expiryMillis();
  }
}
