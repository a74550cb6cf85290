// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.cache;

import dev.warren.jcache.api.ClusterMember;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.Recovery;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenMetrics.CacheMetrics;
import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.event.EventDispatcher;
import dev.warren.jcache.internal.integration.TypeCheck;
import dev.warren.jcache.internal.operation.CacheOperations;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.store.KeyLocks;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache as its users see it. Each method checks first whether the cache is open, then nulls, then
 * types, then whether the node's connection lets it (on-disconnect); copies what it keeps and what
 * it hands out; and leaves the rest to the operations.
 */
public final class WarrenJCache<K, V> implements WarrenCache<K, V> {
  private final CacheParts<K, V> parts;
  private final CacheOperations<K, V> operations;
  private final Copier copier;
  private final TypeCheck check;
  private final BackgroundLoads loads;

  /** Whether what changes the cache waits at its end, outside all locks. */
  private final boolean acknowledges;

  /** Whether reads, and changes, are refused while the node cannot reach its log. */
  private final boolean refusesReads;

  private final boolean refusesChanges;

  public WarrenJCache(CacheParts<K, V> parts) {
    this.parts = parts;
    this.operations = new CacheOperations<>(parts.context());
    this.copier = parts.context().copier();
    this.check = parts.context().check();
    this.loads = new BackgroundLoads(parts.name());
    this.acknowledges = parts.cluster().acknowledges();
    this.refusesReads = parts.cluster().refusesReads();
    this.refusesChanges = parts.cluster().refusesChanges();
  }

  @Override
  public @Nullable V get(K key) {
    check(key);
    beforeRead();
    return copyOrNull(operations.get(key));
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    ensureOpen();
    Objects.requireNonNull(keys, "keys");
    if (refusesReads) {
      keys.forEach(check::key);
      beforeRead();
    }
    return operations.getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    check(key);
    beforeRead();
    return operations.containsKey(key);
  }

  @Override
  public void loadAll(
      Set<? extends K> keys, boolean replaceExisting, @Nullable CompletionListener listener) {
    Set<K> copies = checkedKeys(keys);
    beforeChange();
    if (parts.context().loading() == null) {
      BackgroundLoads.complete(listener);
      return;
    }
    Runnable load = () -> operations.loadAll(copies, replaceExisting);
    if (KeyLocks.isAnyHeldHere() || EventDispatcher.isDelivering()) {
      // In the background it could wait for this very thread, and this one for its listener.
      BackgroundLoads.runHere(load, listener);
    } else {
      loads.submit(load, listener);
    }
  }

  @Override
  public void put(K key, V value) {
    check(key, value);
    beforeChange();
    operations.put(key, copier.copy(value));
    acknowledge();
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    check(key, value);
    beforeChange();
    return acknowledged(copyOrNull(operations.getAndPut(key, copier.copy(value))));
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    ensureOpen();
    Objects.requireNonNull(map, "map");
    Map<K, V> copies = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          check(key, value);
          copies.put(copier.copy(key), copier.copy(value));
        });
    beforeChange();
    operations.putAll(copies);
    acknowledge();
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    check(key, value);
    beforeChange();
    return acknowledged(operations.putIfAbsent(key, copier.copy(value)));
  }

  @Override
  public boolean remove(K key) {
    check(key);
    beforeChange();
    return acknowledged(operations.remove(key));
  }

  @Override
  public boolean remove(K key, V oldValue) {
    check(key, oldValue);
    beforeChange();
    return acknowledged(operations.remove(key, oldValue));
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    check(key);
    beforeChange();
    return acknowledged(copyOrNull(operations.getAndRemove(key)));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    check(key, oldValue);
    check.value(newValue);
    beforeChange();
    return acknowledged(operations.replace(key, oldValue, copier.copy(newValue)));
  }

  @Override
  public boolean replace(K key, V value) {
    check(key, value);
    beforeChange();
    return acknowledged(operations.replace(key, copier.copy(value)));
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    check(key, value);
    beforeChange();
    return acknowledged(copyOrNull(operations.getAndReplace(key, copier.copy(value))));
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    Set<K> copies = checkedKeys(keys);
    beforeChange();
    operations.removeAll(copies);
    acknowledge();
  }

  @Override
  public void removeAll() {
    ensureOpen();
    beforeChange();
    operations.removeAll();
    acknowledge();
  }

  @Override
  public void clear() {
    ensureOpen();
    beforeChange();
    operations.clear();
    acknowledge();
  }

  @Override
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> entryProcessor, @Nullable Object... arguments) {
    check(key);
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    beforeChange();
    return acknowledged(operations.invoke(key, entryProcessor, list(arguments)));
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys,
      EntryProcessor<K, V, T> entryProcessor,
      @Nullable Object... arguments) {
    Set<K> copies = checkedKeys(keys);
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    beforeChange();
    Map<K, EntryProcessorResult<T>> results = new HashMap<>();
    for (K key : copies) {
      EntryProcessorResult<T> result = invokeOne(key, entryProcessor, list(arguments));
      if (result != null) {
        results.put(copier.copy(key), result);
      }
    }
    acknowledge();
    return results;
  }

  private <T> @Nullable EntryProcessorResult<T> invokeOne(
      K key, EntryProcessor<K, V, T> processor, List<@Nullable Object> arguments) {
    try {
      T result = operations.invoke(key, processor, arguments);
      return result == null ? null : () -> result;
    } catch (EntryProcessorException e) {
      return failed(e);
    } catch (
        CacheEntryListenerException e) { // the entry's change stands, the other keys have theirs
      return failed(new EntryProcessorException("a listener of the entry's change failed", e));
    }
  }

  private static <T> EntryProcessorResult<T> failed(EntryProcessorException failure) {
    return () -> {
      throw failure;
    };
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    ensureReadable();
    return new EntryIterator<>(new Walk(), operations, copier);
  }

  private final class Walk implements EntryIterator.Terms {
    @Override
    public void ensureReadable() {
      WarrenJCache.this.ensureReadable();
    }

    @Override
    public void ensureChangeable() {
      beforeChange();
    }

    @Override
    public void removed() {
      acknowledge();
    }
  }

  @Override
  public String getName() {
    return parts.name();
  }

  @Override
  public CacheManager getCacheManager() {
    return parts.manager();
  }

  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    ensureOpen();
    CompleteConfiguration<K, V> configuration = parts.settings().snapshot();
    if (!type.isInstance(configuration)) {
      throw new IllegalArgumentException(
          "a configuration is to be had as javax.cache's Configuration or CompleteConfiguration,"
              + " but not as "
              + type.getName());
    }
    return type.cast(configuration);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    ensureOpen();
    parts.settings().add(Objects.requireNonNull(configuration, "configuration"));
    boolean registered = false;
    try {
      registered = parts.events().register(configuration, CacheClosing::closeQuietly);
    } catch (IllegalArgumentException | CacheException e) {
      throw e;
    } catch (RuntimeException e) { // the user's factory
      throw new CacheException("a listener of cache \"" + getName() + "\" cannot be made: " + e, e);
    } finally {
      if (!registered) {
        parts.settings().remove(configuration);
      }
    }
    if (!registered) { // closed while the factories ran
      ensureOpen();
    }
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    ensureOpen();
    Objects.requireNonNull(configuration, "configuration");
    parts.events().deregister(configuration);
    parts.settings().remove(configuration);
  }

  /** The configuration as it is now, for the manager, which asks even while the cache closes. */
  public CompleteConfiguration<K, V> configuration() {
    return parts.settings().snapshot();
  }

  /** Turns the figures, and their bean, on or off. */
  public void enableStatistics(boolean enable) {
    parts.settings().enableStatistics(enable);
    parts.statistics().enable(enable);
    parts.beans().enableStatistics(enable);
  }

  /** Registers or unregisters the bean that shows the configuration. */
  public void enableManagement(boolean enable) {
    parts.settings().enableManagement(enable);
    parts.beans().enableManagement(enable);
  }

  @Override
  public boolean isReady() {
    return parts.cluster().isReady();
  }

  @Override
  public void awaitReady(Duration timeout) {
    ensureOpen();
    parts.cluster().awaitReady(timeout);
  }

  @Override
  public void barrier(Duration timeout) {
    ensureOpen();
    parts.cluster().barrier(timeout);
  }

  @Override
  public long position() {
    return parts.cluster().position();
  }

  @Override
  public List<ClusterMember> members() {
    return parts.cluster().members();
  }

  @Override
  public Digest digest(Duration timeout) {
    ensureOpen();
    return parts.cluster().digest(timeout);
  }

  @Override
  public Recovery recovery() {
    return parts.cluster().recovery();
  }

  @Override
  public long undecodable() {
    return parts.cluster().undecodable();
  }

  @Override
  public long size() {
    ensureReadable();
    return operations.size();
  }

  /** Figures for who looks at them from outside. */
  public CacheMetrics metrics() {
    return new CacheMetrics(
        parts.cluster() != ClusterView.LOCAL,
        isReady(),
        position(),
        operations.size(),
        undecodable());
  }

  @Override
  public boolean isClosed() {
    return !parts.context().lifecycle().isOpen();
  }

  @Override
  public void close() {
    new CacheClosing<>(parts, loads).close(this);
  }

  /**
   * Closes, and drops the data of the whole cluster: {@code CacheManager.destroyCache}. It is
   * closed also if the data cannot be dropped, because the outbox is full or the log away.
   */
  public void destroy() {
    if (parts.context().lifecycle().isRefused()) { // those data are not its own
      close();
      return;
    }
    try {
      beforeChange();
      operations.clear();
    } catch (IllegalStateException e) {
      if (!isClosed()) { // else another thread was first
        throw e;
      }
    } finally {
      close();
    }
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException(
        "a Warren cache can be unwrapped to " + WarrenCache.class.getName() + ", not to " + type);
  }

  private void acknowledge() {
    if (acknowledges) {
      parts.cluster().acknowledge();
    }
  }

  private boolean acknowledged(boolean result) {
    acknowledge();
    return result;
  }

  private <T> @Nullable T acknowledged(@Nullable T result) {
    acknowledge();
    return result;
  }

  private void beforeRead() {
    if (refusesReads) {
      parts.cluster().ensureConnected("read");
    }
  }

  private void beforeChange() {
    if (refusesChanges) {
      parts.cluster().ensureConnected("changed");
    }
  }

  private void ensureReadable() {
    ensureOpen();
    beforeRead();
  }

  private void ensureOpen() {
    parts.context().lifecycle().ensureOpen();
  }

  private void check(K key) {
    ensureOpen();
    check.key(key);
  }

  private void check(K key, V value) {
    check(key);
    check.value(value);
  }

  private Set<K> checkedKeys(Set<? extends K> keys) {
    ensureOpen();
    Objects.requireNonNull(keys, "keys");
    Set<K> copies = new LinkedHashSet<>();
    for (K key : keys) {
      check.key(key);
      copies.add(copier.copy(key));
    }
    return copies;
  }

  private @Nullable V copyOrNull(@Nullable V value) {
    return value == null ? null : copier.copy(value);
  }

  private static List<@Nullable Object> list(@Nullable Object @Nullable [] arguments) {
    return arguments == null ? List.of() : Arrays.asList(arguments);
  }
}
