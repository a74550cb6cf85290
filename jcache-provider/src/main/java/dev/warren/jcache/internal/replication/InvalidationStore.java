// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.expiry.ExpiryTimes;
import dev.warren.jcache.internal.expiry.Sweeper.Left;
import dev.warren.jcache.internal.operation.EntryChange;
import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.store.HeapStore;
import dev.warren.jcache.internal.store.StoredEntry;
import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.member.Outbox;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.CacheState;
import dev.warren.sync.replica.LogEntry;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of an invalidation cache (rules C): this node's own, of what it loaded or put. The log
 * carries keys only, and tells what others must drop. Bound, eviction and expiry are this node's
 * affair, nobody hears of them.
 *
 * <p><b>What is told.</b> Every write and removal that is asked for, whether or not this node has
 * the entry, since others may have it ({@link #isPartial}): an {@code Invalidate} of the key, for
 * {@code clear} and {@code removeAll()} one {@code Clear}. It is offered after the writer returned
 * (C3). A load tells nothing.
 *
 * <p><b>Why no node keeps a value that the external store has not, once the log is quiet.</b> Let w
 * be the last write of a key in the external store; its {@code Invalidate} I is appended after it.
 * A value that some other node holds when I is applied there is dropped. One that comes into its
 * memory later was either loaded or put. A load that began before I was applied there is marked
 * ({@link Watches}) and not kept, one that began after reads w or what followed. A put of that
 * node, whose writer wrote before w, was likewise marked or dropped if its writer began before I
 * was applied; and if it began after, it wrote after w, which was the last. On the author of w the
 * value stays, unless an {@code Invalidate} of a write before it comes later, which drops it for
 * nothing. Own events change nothing when they come back: own loads and own writes of a key exclude
 * each other by its lock.
 *
 * <p><b>Away from the log.</b> A node that is cut off goes on serving, and may serve what others
 * have changed; so does one that has not got its memory yet. Both see what they missed: who
 * reconnects applies the log from where it stopped, and whoever cannot (a truncated log, a new
 * epoch, the first memory after the start) installs another memory, at which everything here is
 * dropped and every load under way is marked (C4). All that was loaded afterwards is younger than
 * that memory, whose every later event this node applies, ready or not.
 *
 * <p><b>The applier waits for nobody.</b> It takes no key's lock, but one step of the map ({@link
 * HeapStore#drop}). If it cannot tell which entry is meant (the key cannot be decoded here, or its
 * own methods fail), it drops all.
 */
final class InvalidationStore<K, V> implements ClusterStore<K, V> {

  private final String cache;
  private final EntryBytes<K, V> bytes;
  private final Outbox outbox;
  private final Rooms rooms;
  private final EventPort<K, V> events;
  private final InstantSource clock;
  private final HeapStore<K, V> heap;
  private final Watches<K> watches = new Watches<>();

  InvalidationStore(
      LogWay<K, V> way, EventPort<K, V> events, InstantSource clock, HeapStore<K, V> heap) {
    this.cache = way.cache();
    this.bytes = way.bytes();
    this.outbox = way.outbox();
    this.rooms = way.rooms();
    this.events = events;
    this.clock = clock;
    this.heap = heap;
  }

  @Override
  public boolean isPartial() {
    return true;
  }

  @Override
  public @Nullable StoredEntry<V> get(K key) {
    return heap.get(key);
  }

  @Override
  public @Nullable StoredEntry<V> getLocked(K key) {
    return heap.getLocked(key);
  }

  @Override
  public Admission admit(int mutations) {
    return rooms.admit(mutations);
  }

  @Override
  public Admission admitRemovalOfAll() {
    return new Clearing(rooms.admit(1));
  }

  /** Removals under it are told by one {@code Clear}, when it is closed. */
  private final class Clearing implements Admission {
    private final Admission room;

    Clearing(Admission room) {
      this.room = room;
    }

    @Override
    public void close() {
      tellClear(room);
      room.close();
    }
  }

  private void tellClear(Admission admission) {
    rooms.use(admission);
    outbox.offer(new Event.Clear(cache), OwnEvent.UNATTENDED);
  }

  /** Only keys travel: any value will do. */
  @Override
  public void check(K key, V value) {
    bytes.key(key);
  }

  @Override
  public Watch watch(K key) {
    return watches.watch(key);
  }

  /** Tells what was written even if it cannot be kept: it stands in the external store. */
  @Override
  public boolean put(Admission admission, K key, V value, long expiryMillis) {
    Bytes keyBytes = bytes.key(key);
    rooms.use(admission);
    watches.changedHere(key);
    boolean kept = false;
    try {
      heap.put(Admission.NONE, key, value, expiryMillis);
      kept = !watches.isChangedElsewhere(key); // behind the put: see Watches
    } finally {
      if (!kept) {
        heap.drop(key);
      }
      outbox.offer(new Event.Invalidate(cache, keyBytes), OwnEvent.UNATTENDED);
    }
    return kept;
  }

  @Override
  public boolean fill(Watch watch, K key, V value, long expiryMillis) {
    if (watches.isChanged(watch)) {
      return false;
    }
    heap.put(Admission.NONE, key, value, expiryMillis);
    if (watches.isChanged(watch)) { // behind the put: see Watches
      heap.drop(key);
      return false;
    }
    return true;
  }

  @Override
  public void remove(Admission admission, K key) {
    if (admission instanceof InvalidationStore<?, ?>.Clearing) {
      watches.changedHere(key);
      heap.remove(Admission.NONE, key);
      return;
    }
    Bytes keyBytes = bytes.key(key);
    rooms.use(admission);
    watches.changedHere(key);
    heap.remove(Admission.NONE, key);
    outbox.offer(new Event.Invalidate(cache, keyBytes), OwnEvent.UNATTENDED);
  }

  @Override
  public void touch(K key, StoredEntry<V> seen, long expiryMillis) {
    heap.touch(key, seen, expiryMillis);
  }

  @Override
  public boolean expire(K key, StoredEntry<V> seen, long nowMillis) {
    return heap.expire(key, seen, nowMillis);
  }

  @Override
  public Left due(long nowMillis, BiConsumer<K, StoredEntry<V>> visitor) {
    return heap.due(nowMillis, visitor);
  }

  @Override
  public void clear(Admission admission) {
    heap.clear(Admission.NONE);
    tellClear(admission);
  }

  @Override
  public Iterator<K> keys() {
    return heap.keys();
  }

  @Override
  public long size() {
    return heap.size();
  }

  @Override
  public long undecodable() {
    return bytes.undecodable();
  }

  // ---- the applier's side

  @Override
  public void install(@Nullable CacheState state, long position) {
    dropAll();
  }

  /** Whatever another node did to a key, a write in another mode included, ends what is here. */
  @Override
  public void applied(Applied applied, boolean own) {
    if (own) {
      return;
    }
    if (!(applied.event() instanceof Event.KeyEvent event)) {
      dropAll();
      return;
    }
    try {
      K key = bytes.decodeKey(event.key());
      if (key == null) {
        dropAll();
      } else {
        drop(key);
      }
    } catch (RuntimeException | Error e) { // the key's own hashCode or equals
      bytes.failed(e);
      dropAll();
    }
  }

  private void drop(K key) {
    watches.changedElsewhere(key);
    StoredEntry<V> dropped = heap.drop(key);
    if (dropped == null || !events.isHeard()) {
      return;
    }
    V value = dropped.value();
    if (value != null && !ExpiryTimes.isExpired(dropped.expiryMillis(), clock.millis())) {
      events.publish(EntryChange.dropped(key, value));
    }
  }

  private void dropAll() {
    watches.allChangedElsewhere();
    heap.dropAll();
  }

  @Override
  public void refused() {
    dropAll();
  }

  /** The bound is this node's own: {@link #heap} keeps it. */
  @Override
  public void makeRoom(int rank) {}

  @Override
  public long shownExpiryMillis(Bytes keyBytes, LogEntry entry) {
    return entry.expiryMillis();
  }
}
