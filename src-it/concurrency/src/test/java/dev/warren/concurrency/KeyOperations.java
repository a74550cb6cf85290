// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.processor.MutableEntry;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/**
 * Every operation on one key, those on many keys with one alone: JCache does not promise that the
 * keys of one call change together.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public abstract class KeyOperations {
  final Cache<Integer, Integer> cache;
  private final int keys;

  /**
   * @param keys how many of the two are used, for a subclass cannot give inherited operations
   *     another generator
   */
  KeyOperations(Cache<Integer, Integer> cache, int keys) {
    this.cache = cache;
    this.keys = keys;
  }

  private int at(int key) {
    return Math.min(key, keys);
  }

  @Operation
  public @Nullable Integer get(@Param(name = "key") int key) {
    return cache.get(at(key));
  }

  @Operation
  public boolean containsKey(@Param(name = "key") int key) {
    return cache.containsKey(at(key));
  }

  @Operation
  public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
    cache.put(at(key), value);
  }

  @Operation
  public @Nullable Integer getAndPut(
      @Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.getAndPut(at(key), value);
  }

  @Operation
  public boolean putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.putIfAbsent(at(key), value);
  }

  @Operation
  public boolean remove(@Param(name = "key") int key) {
    return cache.remove(at(key));
  }

  @Operation
  public boolean remove(@Param(name = "key") int key, @Param(name = "value") int expected) {
    return cache.remove(at(key), expected);
  }

  @Operation
  public @Nullable Integer getAndRemove(@Param(name = "key") int key) {
    return cache.getAndRemove(at(key));
  }

  @Operation
  public boolean replace(@Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.replace(at(key), value);
  }

  @Operation
  public boolean replace(
      @Param(name = "key") int key,
      @Param(name = "value") int expected,
      @Param(name = "value") int value) {
    return cache.replace(at(key), expected, value);
  }

  @Operation
  public @Nullable Integer getAndReplace(
      @Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.getAndReplace(at(key), value);
  }

  @Operation
  public @Nullable Integer invokeToSet(
      @Param(name = "key") int key, @Param(name = "value") int value) {
    return cache.invoke(at(key), KeyOperations::readAndSet, value);
  }

  @Operation
  public @Nullable Integer invokeToRemove(@Param(name = "key") int key) {
    return cache.invoke(at(key), KeyOperations::readAndRemove);
  }

  @Operation
  public @Nullable Integer invokeToRead(@Param(name = "key") int key) {
    return cache.invoke(at(key), KeyOperations::read);
  }

  @Operation
  public @Nullable Integer getAll(@Param(name = "key") int key) {
    return cache.getAll(Set.of(at(key))).get(at(key));
  }

  @Operation
  public void putAll(@Param(name = "key") int key, @Param(name = "value") int value) {
    cache.putAll(Map.of(at(key), value));
  }

  @Operation
  public void removeAll(@Param(name = "key") int key) {
    cache.removeAll(Set.of(at(key)));
  }

  private static @Nullable Integer read(
      MutableEntry<Integer, Integer> entry, @Nullable Object... none) {
    return entry.getValue();
  }

  private static @Nullable Integer readAndSet(
      MutableEntry<Integer, Integer> entry, @Nullable Object... value) {
    Integer old = entry.getValue();
    entry.setValue((Integer) value[0]);
    return old;
  }

  private static @Nullable Integer readAndRemove(
      MutableEntry<Integer, Integer> entry, @Nullable Object... none) {
    Integer old = entry.getValue();
    entry.remove();
    return old;
  }
}
