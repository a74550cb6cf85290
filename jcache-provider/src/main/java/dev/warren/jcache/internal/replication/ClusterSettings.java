// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a node needs to take part in a cluster.
 *
 * @param log URI of the log, with password
 * @param persistence URI of the database, with password; null for none
 * @param transport settings handed to the transport
 * @param maxValueBytes largest encoded value
 * @param writeTimeout how long a write waits for room in the outbox while the node is in order
 * @param closeTimeout how long close waits for the outbox
 * @param persisted which caches, by name, the database keeps
 */
public record ClusterSettings(
    String cluster,
    String log,
    @Nullable String persistence,
    Map<String, String> transport,
    MemberSettings member,
    OutboxLimits outbox,
    int maxValueBytes,
    Duration writeTimeout,
    Duration closeTimeout,
    Predicate<String> persisted) {}
