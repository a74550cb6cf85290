// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cache is when one operation comes after the other: a map whose entries end. Lincheck
 * matches these methods with those of the same names in {@link KeyOperations} and {@link
 * AllOperations}.
 */
public class Model {
  /** When entries end. */
  public enum Life {
    /** Never. */
    ETERNAL,
    /** {@link #LIFE_MILLIS} after they were created. */
    CREATED,
    /** {@link #LIFE_MILLIS} after they were created, updated or read. */
    TOUCHED
  }

  static final long LIFE_MILLIS = 10;

  /** Two steps end a life, one does not. */
  static final long STEP_MILLIS = 6;

  private record Entry(int value, long expiryMillis) {}

  private final Life life;
  private final int keys;
  private final Map<Integer, Entry> entries = new HashMap<>();
  private long nowMillis;

  public Model() {
    this(Life.ETERNAL, 2);
  }

  Model(Life life, int keys) {
    this.life = life;
    this.keys = keys;
  }

  private int at(int key) {
    return Math.min(key, keys);
  }

  private @Nullable Entry live(int key) {
    Entry entry = entries.get(at(key));
    return entry == null || entry.expiryMillis <= nowMillis ? null : entry;
  }

  private static @Nullable Integer value(@Nullable Entry entry) {
    return entry == null ? null : entry.value;
  }

  private long expiryMillis() {
    return life == Life.ETERNAL ? Long.MAX_VALUE : nowMillis + LIFE_MILLIS;
  }

  private void store(int key, @Nullable Entry old, int value) {
    long end = old != null && life == Life.CREATED ? old.expiryMillis : expiryMillis();
    entries.put(at(key), new Entry(value, end));
  }

  private void read(int key, @Nullable Entry old) {
    if (old != null && life == Life.TOUCHED) {
      entries.put(at(key), new Entry(old.value, expiryMillis()));
    }
  }

  public @Nullable Integer get(int key) {
    Entry old = live(key);
    read(key, old);
    return value(old);
  }

  public boolean containsKey(int key) {
    return live(key) != null;
  }

  public void put(int key, int value) {
    store(key, live(key), value);
  }

  public @Nullable Integer getAndPut(int key, int value) {
    Entry old = live(key);
    store(key, old, value);
    return value(old);
  }

  public boolean putIfAbsent(int key, int value) {
    boolean absent = live(key) == null;
    if (absent) {
      store(key, null, value);
    }
    return absent;
  }

  public boolean remove(int key) {
    return getAndRemove(key) != null;
  }

  public boolean remove(int key, int expected) {
    Entry old = live(key);
    if (old != null && old.value == expected) {
      entries.remove(at(key));
      return true;
    }
    read(key, old);
    return false;
  }

  public @Nullable Integer getAndRemove(int key) {
    Entry old = live(key);
    entries.remove(at(key));
    return value(old);
  }

  public boolean replace(int key, int value) {
    return getAndReplace(key, value) != null;
  }

  public boolean replace(int key, int expected, int value) {
    Entry old = live(key);
    if (old != null && old.value == expected) {
      store(key, old, value);
      return true;
    }
    read(key, old);
    return false;
  }

  public @Nullable Integer getAndReplace(int key, int value) {
    Entry old = live(key);
    if (old != null) {
      store(key, old, value);
    }
    return value(old);
  }

  public @Nullable Integer invokeToSet(int key, int value) {
    return getAndPut(key, value);
  }

  public @Nullable Integer invokeToRemove(int key) {
    return getAndRemove(key);
  }

  public @Nullable Integer invokeToRead(int key) {
    return get(key);
  }

  public @Nullable Integer getAll(int key) {
    return get(key);
  }

  public void putAll(int key, int value) {
    put(key, value);
  }

  public void removeAll(int key) {
    remove(key);
  }

  public void clear() {
    entries.clear();
  }

  public void removeAll() {
    entries.clear();
  }

  public void advance() {
    nowMillis += STEP_MILLIS;
  }

  /** Takes out what nobody can see any more. */
  public void sweep() {}

  public void listen() {}

  public void listenNoMore() {}

  /** {@link Model} with one key only. */
  public static final class OneKey extends Model {
    public OneKey() {
      super(Life.ETERNAL, 1);
    }
  }

  /** {@link OneKey} whose entries end some time after their creation. */
  public static final class Created extends Model {
    public Created() {
      super(Life.CREATED, 1);
    }
  }

  /** {@link OneKey} whose entries end some time after their last use. */
  public static final class Touched extends Model {
    public Touched() {
      super(Life.TOUCHED, 1);
    }
  }
}
