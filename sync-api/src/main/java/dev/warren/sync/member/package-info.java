// SPDX-License-Identifier: Apache-2.0
/**
 * One member of a cluster: its outbox, its place in the view, and how it gets its memory.
 *
 * <p>Receives own events and the log, hands on what was applied; may import {@code replica}, {@code
 * wire} and {@code dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.member;

import org.jspecify.annotations.NullMarked;
