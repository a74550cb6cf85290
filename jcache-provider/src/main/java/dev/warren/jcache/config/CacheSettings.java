// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Warren's settings of one cache.
 *
 * @param mode where writes go
 * @param consistency what operations decide upon
 * @param writeAck when writes return
 * @param onDisconnect what it refuses while the log is away
 * @param persist whether the database keeps the entries
 * @param expiryCreated life time after creation, or null to leave expiry to the cache
 * @param maxEntries bound of entries, or 0 for none
 * @param maxWeight bound of the sum of the entries' weights on this node, or 0 for none
 * @param weigher class name of the weigher; null unless there is a bound of weight
 */
public record CacheSettings(
    Mode mode,
    Consistency consistency,
    WriteAck writeAck,
    OnDisconnect onDisconnect,
    boolean persist,
    @Nullable Duration expiryCreated,
    long maxEntries,
    long maxWeight,
    @Nullable String weigher) {}
