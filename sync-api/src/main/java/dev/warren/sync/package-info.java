// SPDX-License-Identifier: Apache-2.0
/**
 * Receives what a cache did and hands it on as batches of events: the contract between the cache,
 * its log, its peers and its snapshots. May import only the JDK, Kryo and slf4j.
 */
@NullMarked
package dev.warren.sync;

import org.jspecify.annotations.NullMarked;
