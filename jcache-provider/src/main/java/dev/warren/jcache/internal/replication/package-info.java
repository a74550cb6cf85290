// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the mutations of clustered caches and hands them to the log; brings what the log says
 * into their memory. May import {@code internal.operation} and what stands below it, and sync-api.
 */
@NullMarked
package dev.warren.jcache.internal.replication;

import org.jspecify.annotations.NullMarked;
