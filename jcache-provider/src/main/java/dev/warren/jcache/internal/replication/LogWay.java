// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.sync.member.Outbox;
import java.util.concurrent.Executor;

/**
 * One cache's way to the log and back.
 *
 * @param applier runs tasks on the thread that applies the log, one after the other
 */
record LogWay<K, V>(
    String cache,
    EntryBytes<K, V> bytes,
    Outbox outbox,
    Rooms rooms,
    OwnSteps<K> steps,
    Executor applier) {}
