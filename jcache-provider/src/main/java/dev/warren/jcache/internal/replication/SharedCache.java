// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import dev.warren.sync.codec.ValueCodec;

/**
 * A cache that is to be shared.
 *
 * @param byValue false if what this node puts stays that object here
 * @param events where changes by other nodes are published
 * @param lifecycle refused, by the applier, if the cluster does not take part in it
 * @param acknowledged whether writers wait for the log
 */
public record SharedCache<K, V>(
    String name,
    ValueCodec codec,
    boolean byValue,
    EventPort<K, V> events,
    KeyLocks<K> locks,
    Lifecycle lifecycle,
    boolean acknowledged) {}
