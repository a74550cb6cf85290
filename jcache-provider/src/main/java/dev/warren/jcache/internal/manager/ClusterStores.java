// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.operation.ClusterView;
import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.sync.codec.ValueCodec;
import java.util.function.Predicate;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;

/**
 * Opens replicated stores for the caches that the configuration shares, local ones for the rest.
 *
 * @param replicated which caches, by name, are shared
 * @param local opens the others
 */
record ClusterStores(
    ClusterNode node, Codecs codecs, Predicate<String> replicated, StoreFactory local)
    implements StoreFactory {

  /** Makes the codec of one cache, which allows its key and value types. */
  @FunctionalInterface
  interface Codecs {
    ValueCodec codecOf(CompleteConfiguration<?, ?> configuration);
  }

  @Override
  public <K, V> Opened<K, V> open(Request<K, V> request) {
    if (!replicated.test(request.name())) {
      return local.open(request);
    }
    if (LocalStores.boundOf(request) != null) {
      throw new CacheException(
          "max-entries and max-weight need a local cache, but cache \""
              + request.name()
              + "\" is replicated: set no bound, or mode = local for it");
    }
    ClusterView view = node.view(request.name());
    return new Opened<>(
        node.open(request.name(), codecs.codecOf(request.configuration()), request.events()),
        view,
        () -> node.release(request.name()));
  }
}
