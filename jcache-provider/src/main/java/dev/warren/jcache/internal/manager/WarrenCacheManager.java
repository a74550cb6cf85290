// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import dev.warren.jcache.config.WarrenConfig;
import dev.warren.jcache.internal.cache.CacheSettings;
import dev.warren.jcache.internal.cache.WarrenJCache;
import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.jcache.internal.management.NodeBeans;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.jcache.internal.replication.ClusterSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/** The caches of one URI and class loader. */
public final class WarrenCacheManager implements CacheManager, WarrenHealth, WarrenMetrics {
  private final CachingProvider provider;
  private final URI uri;
  private final ClassLoader classLoader;
  private final Properties properties;
  private final WarrenConfig config;
  private final InstantSource clock;
  private final Sweeper sweeper;
  private final @Nullable ClusterNode node;
  private final @Nullable NodeBeans nodeBeans;
  private final StoreFactory stores;
  private final Consumer<WarrenCacheManager> onClosed;
  private final Lifecycle lifecycle;
  private final ConcurrentMap<String, WarrenJCache<?, ?>> caches = new ConcurrentHashMap<>();
  // Names of caches that are being made: no lock is held while the user's factories run.
  private final Set<String> opening = ConcurrentHashMap.newKeySet();

  /**
   * @param identity where the manager belongs
   * @param sweeper takes the expired entries out
   * @param onClosed told the manager once it is closed; the provider forgets it there
   */
  public WarrenCacheManager(
      Identity identity,
      InstantSource clock,
      Sweeper sweeper,
      Consumer<WarrenCacheManager> onClosed) {
    this.provider = identity.provider();
    this.uri = identity.uri();
    this.classLoader = identity.classLoader();
    this.properties = new Properties();
    this.properties.putAll(identity.properties());
    this.clock = clock;
    this.sweeper = sweeper;
    this.config = WarrenConfig.load(uri, classLoader, properties);
    this.node = NodeSettings.of(config).map(this::open).orElse(null);
    this.stores =
        node == null
            ? NodeSettings.local(classLoader, config)
            : NodeSettings.stores(node, classLoader, config);
    this.nodeBeans = node == null ? null : new NodeBeans(uri.toString(), this, this);
    this.onClosed = onClosed;
    this.lifecycle = new Lifecycle("cache manager " + uri);
  }

  private ClusterNode open(ClusterSettings settings) {
    return new ClusterNode(settings, classLoader, clock);
  }

  /** What a manager is asked for by. */
  public record Identity(
      CachingProvider provider, URI uri, ClassLoader classLoader, Properties properties) {}

  @Override
  public CachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public ClassLoader getClassLoader() {
    return classLoader;
  }

  @Override
  public Properties getProperties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    lifecycle.ensureOpen();
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(configuration, "configuration");
    if (!opening.add(cacheName)) {
      throw exists(cacheName);
    }
    try {
      if (caches.containsKey(cacheName)) {
        throw exists(cacheName);
      }
      WarrenJCache<K, V> cache =
          new CacheAssembly<>(
                  this, cacheName, settings(cacheName, configuration), clock, sweeper, nodeBeans)
              .assemble(stores, closed -> caches.remove(cacheName, closed));
      caches.put(cacheName, cache);
      if (!lifecycle.isOpen()) { // closed meanwhile, perhaps before it could see this cache
        cache.close();
        lifecycle.ensureOpen();
      }
      return cache;
    } finally {
      opening.remove(cacheName);
    }
  }

  /** What the code says stands; Warren's own expiry counts where the code says nothing of it. */
  private <K, V> CacheSettings<K, V> settings(String cacheName, Configuration<K, V> given) {
    CacheSettings<K, V> settings = new CacheSettings<>(given);
    Duration created = config.forCache(cacheName).expiryCreated();
    if (created != null) {
      settings.expireUnlessSet(created);
    }
    return settings;
  }

  @Override
  public <K, V> @Nullable Cache<K, V> getCache(
      String cacheName, Class<K> keyType, Class<V> valueType) {
    lifecycle.ensureOpen();
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(valueType, "valueType");
    WarrenJCache<?, ?> cache = caches.get(cacheName);
    if (cache == null || cache.isClosed()) {
      return null;
    }
    CompleteConfiguration<?, ?> configuration = cache.configuration();
    requireType(cacheName, "keys", configuration.getKeyType(), keyType);
    requireType(cacheName, "values", configuration.getValueType(), valueType);
    return typed(cache);
  }

  @Override
  public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
    lifecycle.ensureOpen();
    WarrenJCache<?, ?> cache = caches.get(Objects.requireNonNull(cacheName, "cacheName"));
    return cache == null || cache.isClosed() ? null : typed(cache);
  }

  @Override
  public Iterable<String> getCacheNames() {
    lifecycle.ensureOpen();
    return Collections.unmodifiableSet(new LinkedHashSet<>(caches.keySet()));
  }

  @Override
  public void destroyCache(String cacheName) {
    lifecycle.ensureOpen();
    WarrenJCache<?, ?> cache = caches.get(Objects.requireNonNull(cacheName, "cacheName"));
    if (cache != null) {
      cache.destroy();
    }
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    lifecycle.ensureOpen();
    WarrenJCache<?, ?> cache = caches.get(Objects.requireNonNull(cacheName, "cacheName"));
    if (cache != null) {
      cache.enableManagement(enabled);
    }
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    lifecycle.ensureOpen();
    WarrenJCache<?, ?> cache = caches.get(Objects.requireNonNull(cacheName, "cacheName"));
    if (cache != null) {
      cache.enableStatistics(enabled);
    }
  }

  @Override
  public void close() {
    if (!lifecycle.beginClosing()) {
      return;
    }
    for (WarrenJCache<?, ?> cache : new ArrayList<>(caches.values())) {
      cache.close();
    }
    if (node != null) {
      node.close();
    }
    onClosed.accept(this);
    lifecycle.closed();
  }

  @Override
  public boolean isClosed() {
    return !lifecycle.isOpen();
  }

  @Override
  public State state() {
    if (isClosed()) {
      return State.CLOSED;
    }
    return node == null ? State.LOCAL : node.state();
  }

  @Override
  public long refusedRecords() {
    return node == null ? 0 : node.refusedRecords();
  }

  @Override
  public String reason() {
    return node == null ? "" : node.reason();
  }

  @Override
  public MemberMetrics memberMetrics() {
    return node == null ? MemberMetrics.NONE : node.metrics();
  }

  @Override
  public CacheMetrics cacheMetrics(String cache) {
    WarrenJCache<?, ?> open = caches.get(Objects.requireNonNull(cache, "cache"));
    if (open == null) {
      throw new IllegalArgumentException(
          "a cache must be open to have figures, but \""
              + cache
              + "\" is not; getCacheNames tells which are");
    }
    return open.metrics();
  }

  @Override
  public void awaitPersisted(Duration timeout) {
    lifecycle.ensureOpen();
    if (node == null) {
      throw new CacheException("warren.log must be set to wait for persistence, but is not");
    }
    node.awaitPersisted(timeout);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    if (node != null && type.isInstance(node)) {
      return type.cast(node);
    }
    throw new IllegalArgumentException(
        "a Warren cache manager can be unwrapped to "
            + WarrenHealth.class.getName()
            + " or "
            + WarrenMetrics.class.getName()
            + ", not to "
            + type);
  }

  // The caller names the types, or takes an untyped cache on its own account, as JCache 1.1 has it.
  @SuppressWarnings("unchecked")
  private static <K, V> Cache<K, V> typed(WarrenJCache<?, ?> cache) {
    return (Cache<K, V>) cache;
  }

  private static void requireType(String cacheName, String what, Class<?> actual, Class<?> asked) {
    if (!actual.equals(asked)) {
      throw new ClassCastException(
          "the "
              + what
              + " of cache \""
              + cacheName
              + "\" are configured as "
              + actual.getName()
              + ", but were asked for as "
              + asked.getName());
    }
  }

  private static CacheException exists(String cacheName) {
    return new CacheException(
        "a cache name must be free to be created, but \""
            + cacheName
            + "\" is in use; get it with getCache, or destroy it first");
  }
}
