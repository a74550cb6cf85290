// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.Map;

/**
 * Finds stores by the scheme of {@code warren.persistence}; found by {@link
 * java.util.ServiceLoader}.
 */
public interface SnapshotStoreProvider {

  boolean handles(String scheme);

  /**
   * Makes a store; opens no connection before its first call.
   *
   * @throws IllegalArgumentException if the URI or a setting is malformed: rule, value, remedy
   */
  SnapshotStore create(String uri, String cluster, Map<String, String> settings);
}
