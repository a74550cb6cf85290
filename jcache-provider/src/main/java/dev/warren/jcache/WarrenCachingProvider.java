// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache;

import dev.warren.jcache.internal.expiry.Sweeper;
import dev.warren.jcache.internal.manager.WarrenCacheManager;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * Warren's entry point: what {@code Caching.getCachingProvider()} finds. Thread-safe.
 *
 * <p>{@code managers} is guarded by this object's monitor, which is never held while a manager
 * closes.
 */
public final class WarrenCachingProvider implements CachingProvider {
  private static final URI DEFAULT_URI = URI.create("warren:default");

  private final LoaderScoped<URI, WarrenCacheManager> managers = new LoaderScoped<>();
  private final Sweeper sweeper = Sweeper.onDaemonThread();

  /** Called by {@code javax.cache.Caching}. */
  public WarrenCachingProvider() {}

  @Override
  public synchronized CacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    URI name = uri == null ? getDefaultURI() : uri;
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    Properties given = properties == null ? getDefaultProperties() : properties;
    Map<URI, WarrenCacheManager> ofLoader = managers.of(loader);
    WarrenCacheManager manager = ofLoader.get(name);
    if (manager == null || manager.isClosed()) {
      manager =
          new WarrenCacheManager(
              new WarrenCacheManager.Identity(this, name, loader, given),
              InstantSource.system(),
              sweeper,
              this::forget);
      ofLoader.put(name, manager);
    }
    return manager;
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return getClass().getClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return DEFAULT_URI;
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, null);
  }

  @Override
  public CacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  @Override
  public void close() {
    List<WarrenCacheManager> open;
    synchronized (this) {
      open = managers.removeAll();
    }
    open.forEach(WarrenCacheManager::close);
  }

  @Override
  public void close(@Nullable ClassLoader classLoader) {
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    Map<URI, WarrenCacheManager> open;
    synchronized (this) {
      open = managers.remove(loader);
    }
    if (open != null) {
      new ArrayList<>(open.values()).forEach(WarrenCacheManager::close);
    }
  }

  @Override
  public void close(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    URI name = uri == null ? getDefaultURI() : uri;
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    WarrenCacheManager manager;
    synchronized (this) {
      Map<URI, WarrenCacheManager> ofLoader = managers.peek(loader);
      manager = ofLoader == null ? null : ofLoader.get(name);
    }
    if (manager != null) {
      manager.close();
    }
  }

  @Override
  public boolean isSupported(OptionalFeature feature) {
    return feature == OptionalFeature.STORE_BY_REFERENCE;
  }

  private synchronized void forget(WarrenCacheManager manager) {
    Map<URI, WarrenCacheManager> ofLoader = managers.peek(manager.getClassLoader());
    if (ofLoader != null) {
      ofLoader.remove(manager.getURI(), manager);
      if (ofLoader.isEmpty()) {
        managers.remove(manager.getClassLoader());
      }
    }
  }
}
