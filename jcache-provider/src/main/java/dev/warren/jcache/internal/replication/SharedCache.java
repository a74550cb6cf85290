// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.operation.EventPort;
import dev.warren.sync.codec.ValueCodec;
import java.util.function.Consumer;

/**
 * A cache that is to be shared.
 *
 * @param byValue false if what this node puts stays that object here
 * @param events where changes by other nodes are published
 * @param onRefused told, by the applier, why the cluster does not take part in it; it must fail all
 *     operations from then on
 */
public record SharedCache<K, V>(
    String name,
    ValueCodec codec,
    boolean byValue,
    EventPort<K, V> events,
    Consumer<String> onRefused) {}
