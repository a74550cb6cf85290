// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One applied event and what it did.
 *
 * @param before the key's entry before the event; null if absent or no event of a key
 * @param after the key's entry after the event; null if absent or no event of a key
 */
public record Applied(
    Origin origin,
    long sequence,
    long position,
    Event event,
    Outcome outcome,
    @Nullable LogEntry before,
    @Nullable LogEntry after) {}
