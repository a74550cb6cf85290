// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.api.WarrenConfiguration;
import dev.warren.jcache.config.CacheSettings;
import dev.warren.jcache.config.Mode;
import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.sync.codec.ValueCodec;
import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;

/**
 * Opens replicated stores for the caches that the configuration shares, local ones for the rest.
 *
 * @param settings of a cache, by name
 * @param local opens the others
 */
record ClusterStores(
    ClusterNode node, Codecs codecs, Function<String, CacheSettings> settings, StoreFactory local)
    implements StoreFactory {

  /** Makes the codec of one cache, which allows its key and value types. */
  @FunctionalInterface
  interface Codecs {
    ValueCodec codecOf(CompleteConfiguration<?, ?> configuration);
  }

  @Override
  public <K, V> Opened<K, V> open(Request<K, V> request) {
    if (settings.apply(request.name()).mode() != Mode.REPLICATED) {
      return local.open(request);
    }
    WarrenConfiguration<K, V> code = LocalStores.boundOf(request);
    if (code != null && code.getMaxWeight() > 0) {
      throw new CacheException(
          "max-weight needs a local cache, but cache \""
              + request.name()
              + "\" is replicated: set max-entries, or mode = local for it");
    }
    long maxEntries =
        code == null ? settings.apply(request.name()).maxEntries() : code.getMaxEntries();
    ClusterView view = node.view(request.name(), settings.apply(request.name()).writeAck());
    return new Opened<>(
        node.open(
            request.name(),
            codecs.codecOf(request.configuration()),
            request.events(),
            maxEntries,
            request.statistics()::evicted),
        view,
        () -> node.release(request.name()));
  }
}
