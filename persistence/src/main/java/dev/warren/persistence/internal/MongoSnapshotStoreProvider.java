// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import dev.warren.sync.SnapshotStore;
import dev.warren.sync.SnapshotStoreProvider;
import java.time.InstantSource;
import java.util.Map;

/** Makes the stores of {@code mongodb:} and {@code mongodb+srv:}; found by ServiceLoader. */
public final class MongoSnapshotStoreProvider implements SnapshotStoreProvider {

  @Override
  public boolean handles(String scheme) {
    return scheme.equalsIgnoreCase("mongodb") || scheme.equalsIgnoreCase("mongodb+srv");
  }

  /**
   * Makes a store.
   *
   * @param settings {@code server-selection-timeout} (5 s), {@code purge-time} (14 d), {@code
   *     drop-after} (10 min)
   */
  @Override
  public SnapshotStore create(String uri, String cluster, Map<String, String> settings) {
    return new MongoSnapshotStore(
        MongoUri.parse("warren.persistence", uri),
        cluster,
        StoreSettings.parse(settings),
        InstantSource.system());
  }
}
