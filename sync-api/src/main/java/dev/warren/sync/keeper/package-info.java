// SPDX-License-Identifier: Apache-2.0
/**
 * Takes expired entries out of replicated caches, once per cluster.
 *
 * <p>Receives applied events, hands {@code Expire} events to the outbox; may import {@code
 * replica}, {@code member} and {@code dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.keeper;

import org.jspecify.annotations.NullMarked;
