// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreProvider;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Makes the stores of {@code embedded:}; found by {@link ServiceLoader}. */
public final class EmbeddedSnapshotStoreProvider implements SnapshotStoreProvider {

  @Override
  public boolean handles(String scheme) {
    return scheme.equalsIgnoreCase(EmbeddedParameters.SCHEME);
  }

  @Override
  public SnapshotStore create(String uri, String cluster, Map<String, String> settings) {
    EmbeddedMongoAddress address = EmbeddedMongoAddress.parse(uri);
    SnapshotStoreProvider mongo =
        mongoProvider()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "warren.persistence = embedded: needs the module warren-persistence, but"
                            + " it is not on the class path: add dev.warren:warren-persistence"));
    return new EmbeddedSnapshotStore(
        address,
        mongo.create("mongodb://127.0.0.1:" + address.port() + "/warren", cluster, settings));
  }

  /** This module does not see the one that speaks to MongoDB; it takes what is there. */
  private static Optional<SnapshotStoreProvider> mongoProvider() {
    return ServiceLoader.load(
            SnapshotStoreProvider.class, EmbeddedSnapshotStoreProvider.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.handles("mongodb"))
        .findFirst();
  }
}
