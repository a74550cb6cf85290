// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Bytes;
import dev.warren.sync.replica.LogEntry;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache on their way from one memory to another, by reference and in no order. They
 * are never looked up by key there, so two arrays do: a fifth of a map's memory, which a source
 * spends on top of its own, and no hashing while its applier stands still for the cut.
 */
final class EntryList {

  private static final int FIRST = 1_024;

  private @Nullable Bytes[] keys;
  private @Nullable LogEntry[] entries;
  private int size;

  EntryList() {
    this(FIRST);
  }

  private EntryList(int capacity) {
    keys = new Bytes[capacity];
    entries = new LogEntry[capacity];
  }

  static EntryList copyOf(Map<Bytes, LogEntry> map) {
    EntryList list = new EntryList(map.size());
    map.forEach(list::add);
    return list;
  }

  void add(Bytes key, LogEntry entry) {
    if (size == keys.length) {
      int capacity = Math.max(FIRST, size + (size >> 1));
      keys = Arrays.copyOf(keys, capacity);
      entries = Arrays.copyOf(entries, capacity);
    }
    keys[size] = key;
    entries[size++] = entry;
  }

  int size() {
    return size;
  }

  Bytes key(int place) {
    return present(keys[place]);
  }

  LogEntry entry(int place) {
    return present(entries[place]);
  }

  private static <T> T present(@Nullable T element) {
    if (element == null) {
      throw new IndexOutOfBoundsException("there is nothing at this place");
    }
    return element;
  }

  void forEach(BiConsumer<Bytes, LogEntry> each) {
    for (int i = 0; i < size; i++) {
      each.accept(key(i), entry(i));
    }
  }
}
