// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

/**
 * A member of the cluster, as the log tells up to this node's position.
 *
 * @param name as the member calls itself
 * @param origin the random id of this start of it
 * @param ready whether it holds everything the cluster holds
 * @param self whether it is this node
 */
public record ClusterMember(String name, String origin, boolean ready, boolean self) {}
