// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.ClusterTransport;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreProvider;
import dev.warren.sync.TransportProvider;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Finds, by the scheme of an address, who on the class path can reach log and database. */
final class Providers {

  private Providers() {}

  /**
   * The way to the log.
   *
   * @throws CacheException if nothing on the class path knows the scheme, or the URI is malformed
   */
  static ClusterTransport transport(ClusterSettings settings, ClassLoader loader) {
    String scheme = scheme(settings.log());
    for (TransportProvider provider : ServiceLoader.load(TransportProvider.class, loader)) {
      if (provider.handles(scheme)) {
        return create(
            "warren.log",
            () -> provider.create(settings.log(), settings.cluster(), settings.transport()));
      }
    }
    throw new CacheException(
        "WRN-0130 warren.log must have a scheme that a transport on the class path knows, but had \"%s\": add warren-sync-transport for amqp, warren-embedded for embedded"
            .formatted(scheme));
  }

  /**
   * The database; null if none is configured.
   *
   * @throws CacheException as {@link #transport}
   */
  static @Nullable SnapshotStore database(ClusterSettings settings, ClassLoader loader) {
    String uri = settings.persistence();
    if (uri == null) {
      return null;
    }
    String scheme = scheme(uri);
    for (SnapshotStoreProvider provider : ServiceLoader.load(SnapshotStoreProvider.class, loader)) {
      if (provider.handles(scheme)) {
        return create(
            "warren.persistence", () -> provider.create(uri, settings.cluster(), Map.of()));
      }
    }
    throw new CacheException(
        "WRN-0130 warren.persistence must have a scheme that a store on the class path knows, but had \"%s\": add warren-persistence for mongodb, warren-embedded for embedded"
            .formatted(scheme));
  }

  /** What a provider refuses is the user's to correct. */
  private static <T> T create(String key, Supplier<T> provider) {
    try {
      return provider.get();
    } catch (IllegalArgumentException e) {
      throw new CacheException("WRN-0130 " + key + ": " + e.getMessage(), e);
    }
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? uri : uri.substring(0, colon);
  }
}
